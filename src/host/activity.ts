// Web standards only.
import type { RunCommand } from "../engine/mod.ts";
import type { Clock } from "../http/mod.ts";
import type {
  EventDraft,
  JsonObject,
  NodeContext,
} from "../openwop/protocol/mod.ts";
import { copyJson } from "./json_value.ts";
import { findJsonProblem, isJsonObject } from "../openwop/protocol/mod.ts";
import { clip } from "./perform.ts";
import type { Outcome } from "./perform.ts";

/** Log lines that may wait to be written; a step that writes more in one go loses the rest. */
const MAX_LINES = 1_000;

type Level = Parameters<NodeContext["log"]>[0];

const LEVELS: readonly string[] = ["debug", "info", "warn", "error"];

/** The code of one node while it is under way: its signal, and what it logged so far. */
export class Activity {
  /** Tells one execution of a node from another. */
  readonly key: string;
  readonly #nodeId: string;
  readonly #clock: Clock;
  readonly #begun: number;
  readonly #controller = new AbortController();
  #lines: EventDraft[] = [];
  #dropped = 0;

  constructor(command: RunCommand, clock: Clock) {
    this.key = executionKey(command);
    this.#nodeId = command.nodeId;
    this.#clock = clock;
    this.#begun = clock.now();
  }

  /** Aborted when nobody wants the outcome any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Asks the code to stop. */
  abort(): void {
    this.#controller.abort(
      new DOMException(
        `Nobody waits for node "${this.#nodeId}" any more`,
        "AbortError",
      ),
    );
  }

  /**
   * Takes a log line. Never throws: whatever a step logs, it must not fail by it.
   *
   * @returns whether it is the first since the last {@linkcode takeLines}, so that somebody should come and take them.
   */
  addLine(level: Level, message: string, fields?: JsonObject): boolean {
    if (this.#lines.length >= MAX_LINES) {
      this.#dropped++;
      return false;
    }
    return this.#lines.push({
      type: "log.appended",
      nodeId: this.#nodeId,
      payload: {
        level: LEVELS.includes(level) ? level : "info",
        message: clip(String(message)),
        nodeId: this.#nodeId,
        ...(fields !== undefined && { fields: fieldsOf(fields) }),
      },
    }) === 1;
  }

  /** Hands out the lines that were not taken yet. */
  takeLines(): EventDraft[] {
    const lines = this.#lines;
    this.#lines = [];
    if (this.#dropped > 0) {
      lines.push({
        type: "log.appended",
        nodeId: this.#nodeId,
        payload: {
          level: "warn",
          message:
            `${this.#dropped} lines were dropped: there were too many at once`,
          nodeId: this.#nodeId,
        },
      });
      this.#dropped = 0;
    }
    return lines;
  }

  /** The last lines, and the outcome with the time that it took. */
  end(outcome: Outcome): EventDraft[] {
    const durationMs = Math.max(0, this.#clock.now() - this.#begun);
    const last: EventDraft = outcome.type === "node.completed"
      ? { ...outcome, payload: { ...outcome.payload, durationMs } }
      : outcome;
    return [...this.takeLines(), last];
  }
}

/** Tells one execution of a node from another. */
export function executionKey(
  command: Pick<RunCommand, "visit" | "attempt">,
): string {
  return `${command.visit}.${command.attempt}`;
}

function fieldsOf(fields: unknown): JsonObject {
  const found = isJsonObject(fields)
    ? findJsonProblem(fields)
    : { pointer: "", problem: "no object was given" };
  return found === undefined
    ? copyJson(fields as JsonObject)
    : { invalid: `${found.pointer || "fields"}: ${found.problem}` };
}
