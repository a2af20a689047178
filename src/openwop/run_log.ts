// Web standards only.
import { isJsonObject, present } from "../http/mod.ts";
import type { JsonObject, JsonValue } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { isTerminalEvent, wireTypeOf } from "./protocol/mod.ts";
import type { RunEvent } from "./protocol/mod.ts";
import { pollRun, streamRun } from "./run_events.ts";
import type { AskedInterrupt } from "./run_interrupt.ts";

/**
 * What a handle has learnt from the log so far: which questions are open and how the run ended. It only ever moves
 * forward, so that several waits can feed it at once.
 */
export class RunLog {
  readonly #api: OpenwopApi;
  readonly #runId: string;
  readonly #pending = new Map<string, AskedInterrupt>();
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

  /** How far it has been read. */
  get lastSequence(): number | undefined {
    return this.#lastSequence;
  }

  /** The open questions, the oldest first; none once the run has ended. */
  get open(): readonly AskedInterrupt[] {
    return this.#end ? [] : [...this.#pending.values()];
  }

  /** The open question of a node. */
  pending(nodeId: string): AskedInterrupt | undefined {
    return this.#end ? undefined : this.#pending.get(nodeId);
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
    const payload = payloadOf(event);
    if (type === "interrupt.requested" || type === "node.suspended") {
      this.#open(nodeId, event.sequence, payload);
    } else if (voting.test(type)) {
      const open = this.#pending.get(nodeId);
      if (open) this.#vote(open, event.sequence, payload);
    } else if (closing.test(type)) this.#pending.delete(nodeId);
  }

  /** A host may write either event or both, in any order. */
  #open(nodeId: string, sequence: number, payload: JsonObject): void {
    this.#asked.add(nodeId);
    this.#pending.set(
      nodeId,
      describeInterrupt({
        runId: this.#runId,
        nodeId,
        kind: "unknown",
        votes: [],
        sequence,
        ...this.#pending.get(nodeId),
      }, payload),
    );
  }

  #vote(open: AskedInterrupt, sequence: number, payload: JsonObject): void {
    const { action, decidedBy, voter } = payload;
    const by = decidedBy ?? voter;
    this.#pending.set(open.nodeId, {
      ...open,
      votes: [
        ...open.votes,
        present({ action: textOf(action), by: textOf(by), sequence }),
      ],
    });
  }
}

/** How hosts tell of a vote: by the word of the protocol, or by one of their own. */
const voting = /^(approval\.received|interrupt\.vote(\.recorded)?)$/;

const closing =
  /^((node\.)?interrupt\.resolved|node\.(resumed|completed|failed|skipped|cancelled))$/;

const kinds = /^(approval|clarification|external-event|credential|custom)$/;

/** Adds to `open` what `from` says: the payload of an event, or what a snapshot shows. */
export function describeInterrupt(
  open: AskedInterrupt,
  from: JsonObject,
): AskedInterrupt {
  const { key = "", data, resumeSchema, timeoutMs } = from;
  const kind = textOf(from.kind);
  return {
    ...open,
    ...present({
      kind: kinds.test(kind!) ? kind : undefined,
      interruptId: textOf(from.interruptId),
      token: textOf(from.interruptToken),
      payload: kind !== undefined && isJsonObject(data)
        // The rest is the word of the host.
        ? present({ kind, key, data, resumeSchema, timeoutMs })
        : undefined,
    }) as Partial<AskedInterrupt>,
  };
}

/** The node that an event is about: from its envelope, else from its payload. */
export function nodeOf(event: RunEvent): string | undefined {
  if (event.nodeId !== undefined) return event.nodeId;
  return textOf(payloadOf(event).nodeId);
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function payloadOf(event: RunEvent): JsonObject {
  const payload = event.payload as JsonValue;
  return isJsonObject(payload) ? payload : {};
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
      afterSequence: cursor < 0 ? undefined : cursor,
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
