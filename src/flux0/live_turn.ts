// Web standards only.
import {
  closeable,
  createPulledStream,
  DecodeError,
  refuse,
  StreamInterruptedError,
  TimeoutError,
  TuttiError,
} from "../http/mod.ts";
import type { Closeable, Flux0Api, Flux0CallOptions } from "./api.ts";
import { prepareEvents } from "./event_stream.ts";
import { AgentFailedError } from "./turn_errors.ts";
import { Assembly } from "./protocol/mod.ts";
import type { Draft, StatusEvent, StreamEvent } from "./protocol/mod.ts";
import { readTurn } from "./reconcile.ts";
import { toResult } from "./turn_result.ts";
import type {
  SendOptions,
  Turn,
  TurnHistory,
  TurnOutcome,
  TurnPart,
  TurnResult,
} from "./turn.ts";

/** Makes a turn. Sends nothing. */
export function createTurn(
  api: Flux0Api,
  sessionId: string,
  content: string,
  options: SendOptions = {},
): Turn {
  const { maxTurnSize = 2 ** 24 } = options;
  if (!(maxTurnSize > 0)) refuse("maxTurnSize", "a positive number is wanted");
  const assembly = new Assembly(maxTurnSize);
  const statuses: StatusEvent[] = [];
  const warnings: string[] = [];
  let correlationId: string | undefined;
  let outcome: TurnOutcome | undefined;
  let failure: unknown;
  let history: TurnHistory | undefined;

  const self: Closeable = { close: () => stream.close() };
  const { start, ...parts } = prepareEvents(
    api,
    sessionId,
    { type: "message", source: "user", content },
    options,
    self,
  );

  /** Lazily, so that a draft is no further than the part that tells of it. */
  function* assemble(events: Iterable<StreamEvent>): Generator<TurnPart> {
    try {
      for (const event of events) {
        const problems: string[] = [];
        if (event.event === "chunk") {
          correlationId ??= event.data.correlation_id;
          const change = assembly.add(event.data);
          const { draft, delta } = change;
          problems.push(...change.problems);
          yield { type: draft.type, draft, delta };
        } else if (event.event === "status") {
          correlationId ??= event.data.correlation_id;
          assembly.spend(event.data);
          statuses.push(event.data);
          const { status } = event.data.data;
          yield { type: "status", status, event: event.data };
        } else problems.push(`an event is ${event.event}`);
        for (const problem of problems) {
          assembly.spend(problem);
          warnings.push(problem);
          yield { type: "warning", problem, event };
        }
      }
    } catch (error) {
      throw failure = error instanceof RangeError
        ? new DecodeError(parts.action, error.message)
        : error;
    }
  }

  const stream = createPulledStream<TurnPart>(parts, (signal, tell) => {
    const pull = start(signal, tell);
    return async () => {
      try {
        const events = await pull();
        if (events) return assemble(events);
        outcome = outcomeOf(statuses) ?? "completed";
      } catch (error) {
        if (isSilence(error) && await isOver(signal)) return undefined;
        // Closed by the reader, it ends with what is no failure.
        if (TuttiError.is(error)) failure = error;
        throw error;
      }
      return undefined;
    };
  });

  /** Whether an agent that fell silent has done all that it showed: only the history can tell. */
  async function isOver(signal: AbortSignal): Promise<boolean> {
    const last = outcomeOf(statuses);
    // One that says that it was cancelled is stopped by the server, and cannot say more.
    if (last === "cancelled") return !!(outcome = last);
    if (!assembly.drafts.some((draft) => draft.toEvent())) return false;
    history = await read({ signal });
    if (history.state === "unread" || history.unstored.length > 0) return false;
    outcome = last ?? "silent";
    return true;
  }

  const compare = (call?: Flux0CallOptions): Promise<TurnHistory> =>
    readTurn(
      api,
      { sessionId, content, correlationId, drafts: assembly.drafts },
      call,
    );

  async function read(call?: Flux0CallOptions): Promise<TurnHistory> {
    const { headers, trace } = options;
    const each = { headers, trace, ...call };
    try {
      return await compare(each);
    } catch (error) {
      if (!TuttiError.is(error) || each.signal?.aborted) throw error;
      return { state: "unread", stored: [], unstored: [], error };
    }
  }

  async function work(): Promise<TurnResult> {
    for await (const _ of stream);
    if (!outcome) {
      throw failure ?? new StreamInterruptedError(parts.action, undefined, {
        retryable: false,
        hint: "it was closed before its end",
      });
    }
    if (options.reconcile !== false) {
      history ??= await read({ signal: options.signal });
    }
    return toResult(
      { sessionId, correlationId, outcome, statuses, warnings },
      assembly.drafts,
      history,
    );
  }
  let result: Promise<TurnResult> | undefined;
  const collect = (): Promise<TurnResult> => result ??= work();

  const ensureWell = (): void => {
    if (outcome !== "failed" && outcome !== "cancelled") return;
    throw new AgentFailedError(
      sessionId,
      outcome,
      statuses.at(-1)?.data.data,
    );
  };

  async function* tokens(): AsyncGenerator<string, void, undefined> {
    let current: Draft | undefined;
    for await (const part of stream) {
      if (part.type !== "message" || !part.delta) continue;
      if (current && current !== part.draft) yield "\n\n";
      current = part.draft;
      yield part.delta;
    }
    ensureWell();
  }

  return closeable({
    sessionId,
    get correlationId(): string | undefined {
      return correlationId;
    },
    get outcome(): TurnOutcome | undefined {
      return outcome;
    },
    get drafts(): readonly Draft[] {
      return assembly.drafts;
    },
    get closed(): boolean {
      return stream.closed;
    },
    next: () => stream.next(),
    tokens,
    collect,
    async text(): Promise<string> {
      const { text } = await collect();
      ensureWell();
      return text;
    },
    async reconcile(call?: Flux0CallOptions): Promise<TurnHistory> {
      return history = await compare(call);
    },
  }, self.close);
}

/** What the agent itself says about its end. */
function outcomeOf(
  statuses: readonly StatusEvent[],
): "failed" | "cancelled" | undefined {
  const last = statuses.at(-1)?.data.status;
  if (last === "error") return "failed";
  return last === "cancelled" ? "cancelled" : undefined;
}

function isSilence(error: unknown): boolean {
  return StreamInterruptedError.is(error) && TimeoutError.is(error.cause);
}
