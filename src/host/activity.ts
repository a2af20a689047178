// Web standards only.
import type { Clock } from "../http/mod.ts";
import type { LogDraft, RunCommand } from "../engine/mod.ts";
import type { JsonObject, NodeContext } from "../openwop/protocol/mod.ts";
import { copyJson } from "./json_value.ts";
import { findJsonProblem, isJsonObject } from "../openwop/protocol/mod.ts";
import { clip } from "./perform.ts";
import type { Outcome } from "./perform.ts";

/** Log lines that may wait to be written; a step that writes more in one go loses the rest. */
const MAX_LINES = 1_000;

/** The same for events of its own. */
const MAX_EVENTS = 10_000;

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
  #lines: LogDraft[] = [];
  #logged = 0;
  #dropped = 0;
  #recorded: { promise: Promise<void>; resolve: () => void } | undefined;

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
    this.#recorded?.resolve();
  }

  /**
   * Takes a log line. Never throws: whatever a step logs, it must not fail by it.
   *
   * @returns whether it is the first since the last {@linkcode record}, so that somebody should come and take them.
   */
  addLine(level: Level, message: string, fields?: JsonObject): boolean {
    if (this.#logged >= MAX_LINES) {
      this.#dropped++;
      return false;
    }
    this.#logged++;
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

  /**
   * Takes an event of the step's own.
   *
   * @returns whether somebody should come and take it, as for a line, and when it is recorded.
   */
  addEvent(
    event: LogDraft,
  ): { readonly isFirst: boolean; readonly recorded: Promise<void> } {
    this.#recorded ??= deferred();
    const { promise: recorded } = this.#recorded;
    if (this.#lines.length >= MAX_EVENTS) {
      this.#dropped++;
      return { isFirst: false, recorded };
    }
    return { isFirst: this.#lines.push(event) === 1, recorded };
  }

  /** Records what was not recorded yet; where that fails it is kept for the next time, in its place. */
  async record(
    write: (lines: readonly LogDraft[]) => Promise<unknown>,
  ): Promise<void> {
    const recorded = this.#recorded;
    this.#recorded = undefined;
    const lines = this.#takeLines();
    try {
      await write(lines);
    } catch (error) {
      this.#lines = [...lines, ...this.#lines];
      const later = this.#recorded ?? deferred();
      if (recorded) later.promise.then(recorded.resolve);
      this.#recorded = later;
      throw error;
    }
    recorded?.resolve();
  }

  #takeLines(): LogDraft[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#logged = 0;
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

  /** The outcome, with the time that it took. */
  timed(outcome: Outcome): Outcome {
    const durationMs = Math.max(0, this.#clock.now() - this.#begun);
    return outcome.type === "node.completed"
      ? { ...outcome, payload: { ...outcome.payload, durationMs } }
      : outcome;
  }
}

/** Tells one execution of a node from another. */
export function executionKey(
  command: Pick<RunCommand, "visit" | "attempt" | "answers">,
): string {
  return `${command.visit}.${command.attempt}.${command.answers?.size ?? 0}`;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => resolve = settle);
  return { promise, resolve };
}

function fieldsOf(fields: unknown): JsonObject {
  const found = isJsonObject(fields)
    ? findJsonProblem(fields)
    : { pointer: "", problem: "no object was given" };
  return found === undefined
    ? copyJson(fields as JsonObject)
    : { invalid: `${found.pointer || "fields"}: ${found.problem}` };
}
