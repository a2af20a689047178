import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { appendFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { patience } from "./fake_clock.ts";
import { Wire } from "./wire.ts";
import type { Answer } from "./wire.ts";

// Beside the compiled helper it is compiled too.
const child = fileURLToPath(
  new URL(
    `./pair_child${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
    import.meta.url,
  ),
);

/** From the last sign of life of a process to its certain death, by the time that is told here. */
export const LEASE_MS = 4_000;

interface Peer {
  readonly label: string;
  readonly process: ChildProcess;
  readonly wire: Wire;
  /** The next line that it writes. */
  readonly line: () => Promise<string>;
}

/** Gives what a process writes, line by line; fails when it ends. */
function linesOf(label: string, child: ChildProcess): () => Promise<string> {
  let text = "";
  let said = "";
  let look = (): void => {};
  child.stdout!.on("data", (bytes) => {
    text += bytes;
    look();
  });
  child.stderr!.on("data", (bytes) => said += bytes);
  const ended = new Promise<never>((_, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      reject(new Error(`${label} ended with ${code}: ${said}`));
    });
  });
  ended.catch(() => {});
  return () => {
    const line = new Promise<string>((resolve) => {
      look = () => {
        const end = text.indexOf("\n");
        if (end < 0) return;
        look = () => {};
        resolve(text.slice(0, end));
        text = text.slice(end + 1);
      };
      look();
    });
    return Promise.race([line, ended]);
  };
}

/** Processes that serve one file. */
export class Pair {
  readonly journal: string;
  readonly #path: string;
  readonly #random: () => number;
  readonly #peers: Peer[] = [];
  #started = 0;
  #answers = 0;
  /** Long ago, so that by any other clock everybody is dead. */
  #time = Date.UTC(2020, 0, 1);
  #isOver = false;

  constructor(path: string, random: () => number) {
    this.#path = path;
    this.journal = `${path}.journal`;
    this.#random = random;
  }

  /** How many requests were answered. */
  get answers(): number {
    return this.#answers;
  }

  /** Waits until so many more requests were answered, by any of them. */
  async answered(count: number): Promise<void> {
    for (const end = this.#answers + count; this.#answers < end;) {
      if (this.#isOver) throw new Error("the test is over");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Starts one more. */
  async start(): Promise<void> {
    const run = "Deno" in globalThis ? ["run", "--quiet", "-A"] : [];
    const label = `p${++this.#started}`;
    const started = spawn(
      process.execPath,
      [...run, child, this.#path, this.journal, label, String(this.#time)],
      { cwd: dirname(child), stdio: ["pipe", "pipe", "pipe"] },
    );
    // Told to one that is being killed.
    started.stdin.on("error", () => {});
    const line = linesOf(label, started);
    const wire = new Wire({ fetch, url: await line() });
    this.#peers.push({ label, process: started, line, wire });
  }

  /** Lets all leases of the dead end, while the living give signs of life in between, however slow they are. */
  async outlive(): Promise<void> {
    for (let part = 0; part < 5; part++) {
      this.#time += LEASE_MS / 4;
      await Promise.all(this.#peers.map(async ({ process, line }) => {
        process.stdin!.write(String(this.#time));
        await line();
      }));
    }
  }

  /** Kills one of them without a warning. */
  async killOne(): Promise<void> {
    const at = Math.floor(this.#random() * this.#peers.length);
    const [peer] = this.#peers.splice(at, 1);
    if (peer) await this.#kill(peer);
  }

  /** Kills all of them. */
  async killAll(): Promise<void> {
    this.#isOver = true;
    for (const peer of this.#peers.splice(0)) await this.#kill(peer);
  }

  async #kill({ label, process: victim }: Peer): Promise<void> {
    const gone = new Promise((resolve) => victim.once("close", resolve));
    appendFileSync(this.journal, `killed ${label}\n`);
    victim.kill("SIGKILL");
    await gone;
  }

  /** Asks any of them, and another one when that dies meanwhile, until there is an answer. */
  async ask(send: (wire: Wire) => Promise<Answer>): Promise<Answer> {
    for (const isPatient = patience(300_000); isPatient();) {
      const at = Math.floor(this.#random() * this.#peers.length);
      const peer = this.#peers[at];
      try {
        if (peer) {
          const answer = await send(peer.wire);
          this.#answers++;
          // Whoever was asked first died over it, and its claim lives on for a moment.
          if (answer.body?.error !== "idempotency_in_flight") return answer;
        }
      } catch (error) {
        // The connection is gone with its process; an assertion is not about that.
        if (!(error instanceof TypeError) && !isCut(error)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error("nobody answered");
  }
}

function isCut(error: unknown): boolean {
  const { name = "", code = "" } = error as { name?: string; code?: string };
  return /^(Error|SocketError)$/.test(name) && /^(E|UND_|Conn)/.test(code);
}
