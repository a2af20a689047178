// Web standards only.
import { fold, maskEvent } from "../engine/mod.ts";
import type { RunState } from "../engine/mod.ts";
import type { Clock } from "../http/mod.ts";
import { isTerminalEvent, isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { Major, RunEvent, RunSnapshot } from "../openwop/protocol/mod.ts";
import type { Piece, Pieces } from "./pieces.ts";
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
  /** Of the wire; two streams of one major and one tenant spell their events alike. */
  readonly major: Major;
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
  /** What other readers were sent. */
  readonly pieces: Pieces;
  /** For silence and buffering. */
  readonly clock: Clock;
  /** The run as it stands. */
  readonly view: (runId: string) => Promise<RunView | undefined>;
}

const encoder = new TextEncoder();

/**
 * The bytes of an event stream, frame after frame, pulled out of the log at the pace of its reader: between two pulls it
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
  /** Names the pieces that other readers can use too. */
  #kind: string | undefined;

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
  async next(signal: AbortSignal): Promise<Uint8Array | undefined> {
    const next = await this.#next(signal);
    this.#lastSent = this.#parts.clock.now();
    return typeof next === "string" ? encoder.encode(next) : next;
  }

  /** All that is left, at once: for a run that is over and has no more than {@linkcode PAGE} events left. */
  async rest(): Promise<string> {
    const baseline = await this.#baseline() ?? "";
    const { runId } = this.#record;
    const page = await this.#parts.store.readEvents(runId, this.#cursor, PAGE);
    return baseline + this.#take(page);
  }

  async #next(signal: AbortSignal): Promise<string | Uint8Array | undefined> {
    const { signals, clock, view } = this.#parts;
    const { runId } = this.#record;
    const baseline = await this.#baseline();
    if (baseline !== undefined) return baseline;
    while (!this.#over) {
      // Listening starts before looking: what is appended in between would be missed otherwise.
      const news = signals.listen(runId);
      try {
        const state = (await view(runId))?.state;
        if (state === undefined || isFinished(state, this.#cursor)) break;
        if (state.lastSequence > this.#cursor) {
          const frames = await this.#read();
          if (frames.length > 0) return frames;
          continue;
        }
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

  /** The frames of the next page, as text or bytes. */
  async #read(): Promise<string | Uint8Array> {
    const { store, pieces } = this.#parts;
    const { runId } = this.#record;
    const { modes, bufferMs, major } = this.#options;
    const after = this.#cursor;
    // Other readers can use the frames too, where those follow from the log alone.
    if (bufferMs > 0 || modes.has("values")) {
      return this.#take(await store.readEvents(runId, after, PAGE));
    }
    this.#kind ??= `${runId} ${major} ${[...modes].sort().join()}`;
    const piece = await pieces.get(
      `${this.#kind} ${after}`,
      () => this.#piece(after),
    );
    if (piece === undefined) return "";
    this.#cursor = piece.last;
    this.#over = piece.isOver;
    // Whoever gets bytes may do with them what he likes.
    return piece.bytes.slice();
  }

  async #piece(after: number): Promise<Piece | undefined> {
    const { runId, definition } = this.#record;
    const page = await this.#parts.store.readEvents(runId, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return undefined;
    let text = "";
    for (const event of page) text += this.#plain(maskEvent(definition, event));
    return {
      bytes: encoder.encode(text),
      last: last.sequence,
      isOver: isTerminalEvent(last.type),
    };
  }

  /** The frame of an event in a stream that gathers nothing. */
  #plain(event: RunEvent): string {
    const { modes } = this.#options;
    if (isMessage(modes, event)) {
      return frame(event.sequence, "ai.message.chunk", event.payload);
    }
    return admits(modes, event) ? this.#frame(event) : "";
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
      } else if (
        this.#options.bufferMs > 0 && !isMessage(this.#options.modes, event)
      ) {
        if (admits(this.#options.modes, event)) text += this.#gather(event);
      } else text += this.#flush() + this.#plain(event);
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
