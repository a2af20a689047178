// Web standards only.
import { fold, maskEvent } from "../engine/mod.ts";
import type { RunState } from "../engine/mod.ts";
import type { Clock } from "../http/mod.ts";
import { isTerminalEvent, isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { RunEvent, RunSnapshot } from "../openwop/protocol/mod.ts";
import { snapshotOf } from "./projection.ts";
import { foldLog, PAGE } from "./run_log.ts";
import type { RunView } from "./scheduler.ts";
import type { Signals } from "./signals.ts";
import type { RunRecord, Store } from "./store.ts";
import { admits, changesValues, isMessage } from "./stream_modes.ts";
import type { StreamMode } from "./stream_modes.ts";

/** Longest silence of a stream; the protocol allows 30 s (v2 §7.5). */
export const KEEP_ALIVE_MS = 15_000;

/** What a stream shows, and from where. */
export interface FeedOptions {
  /** Of the query. */
  readonly modes: ReadonlySet<StreamMode>;
  /** Exclusive cursor, -1 for the beginning. */
  readonly after: number;
  /** How long events are gathered into one frame; 0 for one frame each. */
  readonly bufferMs: number;
  /** Spells an event. @default as it is */
  readonly event?: (event: RunEvent) => object;
  /** Spells a snapshot. @default as it is */
  readonly snapshot?: (snapshot: RunSnapshot) => object;
}

/** What a feed reads from. */
export interface FeedParts {
  /** The log. */
  readonly store: Store;
  /** News of it. */
  readonly signals: Signals;
  /** For silence and buffering. */
  readonly clock: Clock;
  /** The run as it stands. */
  readonly view: (runId: string) => Promise<RunView | undefined>;
}

/**
 * The text of an event stream, frame after frame, pulled out of the log at the pace of its reader: between two pulls it
 * holds a cursor, and nothing else grows. Source: v2 §7.5.
 */
export class Feed {
  readonly #parts: FeedParts;
  readonly #record: RunRecord;
  readonly #options: FeedOptions;
  #cursor: number;
  #over = false;
  #lastSent: number;
  #batch: RunEvent[] = [];
  #batchDue = 0;
  /** Only in mode `values`: the state at the cursor. */
  #values: RunState | undefined;

  constructor(parts: FeedParts, record: RunRecord, options: FeedOptions) {
    this.#parts = parts;
    this.#record = record;
    this.#options = options;
    this.#cursor = options.after;
    this.#lastSent = parts.clock.now();
  }

  /**
   * The next piece: frames, or a comment when it was silent for too long.
   *
   * @param signal Ends the wait for news.
   * @returns `undefined` at the end: after the last event of a finished run, or when `signal` aborts.
   */
  async next(signal: AbortSignal): Promise<string | undefined> {
    const text = await this.#next(signal);
    this.#lastSent = this.#parts.clock.now();
    return text;
  }

  /** All that is left, at once: for a run that is over and has no more than {@linkcode PAGE} events left. */
  async rest(): Promise<string> {
    const baseline = await this.#baseline() ?? "";
    const { runId } = this.#record;
    const page = await this.#parts.store.readEvents(runId, this.#cursor, PAGE);
    return baseline + this.#take(page);
  }

  async #next(signal: AbortSignal): Promise<string | undefined> {
    const { store, signals, clock, view } = this.#parts;
    const { runId } = this.#record;
    const baseline = await this.#baseline();
    if (baseline !== undefined) return baseline;
    while (!this.#over) {
      // Listening starts before reading: what is appended in between would be missed otherwise.
      const news = signals.listen(runId);
      try {
        const page = await store.readEvents(runId, this.#cursor, PAGE);
        const text = this.#take(page);
        if (text !== "") return text;
        if (page.length > 0) continue;
        const state = (await view(runId))?.state;
        if (state === undefined || isFinished(state, this.#cursor)) break;
        if (state.lastSequence > this.#cursor) continue;
        const end = await news.wait(this.#patience(), signal);
        if (end === "ended") break;
        if (end === "timeout" && this.#batch.length === 0) {
          return ":keepalive\n\n";
        }
        if (clock.now() >= this.#batchDue) {
          const flushed = this.#flush();
          if (flushed !== "") return flushed;
        }
      } finally {
        news.close();
      }
    }
    this.#over = true;
    return this.#flush() || undefined;
  }

  /** How long to wait for news: until silence gets too long, or a batch is due. */
  #patience(): number {
    const now = this.#parts.clock.now();
    const due = this.#batch.length > 0
      ? this.#batchDue
      : this.#lastSent + KEEP_ALIVE_MS;
    return Math.max(0, due - now);
  }

  /** A resumed stream of snapshots begins with the one at its cursor. */
  async #baseline(): Promise<string | undefined> {
    if (!this.#options.modes.has("values") || this.#values !== undefined) {
      return undefined;
    }
    const { store } = this.#parts;
    const { after } = this.#options;
    this.#values = await foldLog(store, this.#record, undefined, after);
    return after < 0 ? undefined : this.#snapshot(this.#values);
  }

  /** Moves the cursor over the page and gives its frames. */
  #take(page: readonly RunEvent[]): string {
    let text = "";
    for (const recorded of page) {
      const event = maskEvent(this.#record.definition, recorded);
      this.#cursor = event.sequence;
      this.#over ||= isTerminalEvent(event.type);
      if (this.#values !== undefined) {
        this.#values = fold(
          this.#record.definition,
          this.#values,
          [recorded],
        );
        if (changesValues(event)) text += this.#snapshot(this.#values);
      } else if (isMessage(this.#options.modes, event)) {
        text += this.#flush() +
          frame(event.sequence, "ai.message.chunk", event.payload);
      } else if (admits(this.#options.modes, event)) {
        text += this.#options.bufferMs > 0
          ? this.#gather(event)
          : this.#frame(event);
      }
    }
    return text + (this.#over ? this.#flush() : "");
  }

  #gather(event: RunEvent): string {
    if (this.#batch.length === 0) {
      this.#batchDue = this.#parts.clock.now() + this.#options.bufferMs;
    }
    this.#batch.push(event);
    const full = this.#batch.length >= PAGE;
    return full || event.type === "node.suspended" ? this.#flush() : "";
  }

  #flush(): string {
    const batch = this.#batch;
    const last = batch.at(-1);
    if (last === undefined) return "";
    this.#batch = [];
    const { event = same } = this.#options;
    return frame(last.sequence, "batch", batch.map((one) => event(one)));
  }

  #frame(event: RunEvent): string {
    const written = (this.#options.event ?? same)(event);
    const { type } = written as { readonly type: string };
    return frame(event.sequence, type, written);
  }

  #snapshot(state: RunState): string {
    return frame(
      state.lastSequence,
      "state.snapshot",
      (this.#options.snapshot ?? same)(snapshotOf(this.#record, state)),
    );
  }
}

function same<T>(value: T): T {
  return value;
}

function isFinished(state: RunState, cursor: number): boolean {
  return isTerminalStatus(state.status) && state.lastSequence <= cursor;
}

function frame(id: number, event: string, data: unknown): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
