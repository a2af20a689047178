// Web standards only.
import type { OpenwopApi } from "./api.ts";
import { isTerminalEvent, wireTypeOf } from "./protocol/mod.ts";
import type { RunEvent } from "./protocol/mod.ts";
import { pollRun, streamRun } from "./run_events.ts";
import type { PendingInterrupt } from "./run_handle.ts";

/**
 * What a handle has learnt from the log so far: which questions are open and how the run ended. It only ever moves
 * forward, so that several waits can feed it at once.
 */
export class RunLog {
  readonly #api: OpenwopApi;
  readonly #runId: string;
  readonly #pending = new Map<string, PendingInterrupt>();
  readonly #asked = new Set<string>();
  #lastSequence: number | undefined;
  #end: RunEvent | undefined;

  constructor(api: OpenwopApi, runId: string) {
    this.#api = api;
    this.#runId = runId;
  }

  /** The event that ended the run. */
  get end(): RunEvent | undefined {
    return this.#end;
  }

  /** Names of all questions that were ever asked. */
  get asked(): readonly string[] {
    return [...this.#asked];
  }

  /** The open question of a node. */
  pending(nodeId: string): PendingInterrupt | undefined {
    return this.#pending.get(nodeId);
  }

  /** Reads everything that the log has by now. */
  async catchUp(signal: AbortSignal): Promise<void> {
    for await (
      const page of readPages(
        this.#api,
        this.#runId,
        this.#lastSequence,
        signal,
      )
    ) for (const event of page) this.#absorb(event);
  }

  /** Reads on until `isEnough`, or to the end of the run. */
  async follow(isEnough: () => boolean, signal: AbortSignal): Promise<void> {
    if (isEnough() || this.#end) return;
    const stream = streamRun(this.#api, this.#runId, {
      signal,
      afterSequence: this.#lastSequence,
    });
    for await (const event of stream) {
      this.#absorb(event);
      if (isEnough()) return;
    }
  }

  #absorb(event: RunEvent): void {
    if (event.sequence <= (this.#lastSequence ?? -1)) return;
    this.#lastSequence = event.sequence;
    const type = wireTypeOf(event);
    // The first end counts: a host may go on writing after it.
    if (isTerminalEvent(type)) this.#end ??= event;
    const nodeId = nodeOf(event);
    if (nodeId === undefined) return;
    if (type === "interrupt.requested" || type === "node.suspended") {
      this.#open(nodeId, event);
    } else if (closing.has(type)) this.#pending.delete(nodeId);
  }

  /** A host may write either event or both, in any order. */
  #open(nodeId: string, event: RunEvent): void {
    this.#asked.add(nodeId);
    this.#pending.set(nodeId, {
      runId: this.#runId,
      nodeId,
      sequence: event.sequence,
      ...this.#pending.get(nodeId),
      ...(event.type === "interrupt.requested"
        ? { payload: event.payload }
        : {}),
      ...(event.type === "node.suspended"
        ? { interruptId: event.payload.interruptId }
        : {}),
    });
  }
}

const closing = new Set([
  "interrupt.resolved",
  "node.resumed",
  "node.completed",
  "node.failed",
  "node.skipped",
  "node.cancelled",
]);

/** The node that an event is about: from its envelope, else from its payload. */
export function nodeOf(event: RunEvent): string | undefined {
  if (event.nodeId !== undefined) return event.nodeId;
  const { payload } = event as { readonly payload: unknown };
  if (typeof payload !== "object" || payload === null) return undefined;
  if (!Object.hasOwn(payload, "nodeId")) return undefined;
  const { nodeId } = payload as { readonly nodeId: unknown };
  return typeof nodeId === "string" ? nodeId : undefined;
}

/** The log as it stands, page by page: hosts may give less at once than there is. */
export async function* readPages(
  api: OpenwopApi,
  runId: string,
  afterSequence: number | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly RunEvent[], void, undefined> {
  let last = afterSequence ?? -1;
  // One event back: a host holds a poll that has nothing to say, and this one always has.
  let cursor = last - 1;
  for (;;) {
    const page = await pollRun(api, runId, {
      signal,
      ...(cursor < 0 ? {} : { afterSequence: cursor }),
    });
    const events = page.events.filter((event) => event.sequence > last);
    yield events;
    last = events.at(-1)?.sequence ?? last;
    // A host that promises more than it gives, or does not say how much there is, must not keep us here.
    const stuck = events.length === 0 && cursor === last;
    if (last >= (page.lastSequence ?? Infinity) || stuck) return;
    cursor = last;
  }
}
