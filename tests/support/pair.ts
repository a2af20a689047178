import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { appendFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Wire } from "./wire.ts";
import type { Answer } from "./wire.ts";

// Beside the compiled helper it is compiled too.
const child = fileURLToPath(
  new URL(
    `./pair_child${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
    import.meta.url,
  ),
);

interface Peer {
  readonly label: string;
  readonly process: ChildProcess;
  readonly wire: Wire;
  /** What it wrote to stderr. */
  said: string;
}

/** Processes that serve one file. */
export class Pair {
  readonly journal: string;
  readonly #path: string;
  readonly #random: () => number;
  readonly #peers: Peer[] = [];
  #started = 0;
  #answers = 0;

  constructor(path: string, random: () => number) {
    this.#path = path;
    this.journal = `${path}.journal`;
    this.#random = random;
  }

  /** How many requests were answered, by any of them. */
  get answers(): number {
    return this.#answers;
  }

  /** Starts one more. */
  async start(): Promise<void> {
    const run = "Deno" in globalThis ? ["run", "--quiet", "-A"] : [];
    const label = `p${++this.#started}`;
    const started = spawn(
      process.execPath,
      [...run, child, this.#path, this.journal, label],
      { cwd: dirname(child), stdio: ["ignore", "pipe", "pipe"] },
    );
    let said = "";
    const peer = { label, process: started, said };
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      started.stdout!.on("data", (bytes) => {
        text += bytes;
        if (text.endsWith("\n")) resolve(text.trim());
      });
      started.stderr!.on("data", (bytes) => said += bytes);
      started.on("error", reject);
      started.on("close", (code) => {
        reject(new Error(`${label} ended with ${code}: ${said}`));
      });
    });
    this.#peers.push({ ...peer, wire: new Wire({ fetch, url }) });
  }

  /** Kills one of them without a warning. */
  async killOne(): Promise<void> {
    const at = Math.floor(this.#random() * this.#peers.length);
    const [peer] = this.#peers.splice(at, 1);
    if (peer) await this.#kill(peer);
  }

  /** Kills all of them. */
  async killAll(): Promise<void> {
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
    for (const end = performance.now() + 300_000; performance.now() < end;) {
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
