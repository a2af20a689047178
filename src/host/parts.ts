// Web standards only.
import type { Clock } from "../http/mod.ts";
import type { JsonValue, Major } from "../openwop/protocol/mod.ts";
import type { Again } from "./again.ts";
import type { Claimed, Claims } from "./idempotency.ts";
import type { IdSource } from "./ids.ts";
import type { InFlight } from "./in_flight.ts";
import type { Openings } from "./openings.ts";
import type { Door, Principal } from "./principal.ts";
import type { CorsOrigins } from "./cors.ts";
import type { FilledLimits } from "./limits.ts";
import type { Pieces } from "./pieces.ts";
import type { Quota } from "./quota.ts";
import type { Registry, Shelf } from "./registry.ts";
import type { Runs } from "./runs.ts";
import type { ErrorSink, Scheduler } from "./scheduler.ts";
import type { Signals } from "./signals.ts";
import type { Tokens } from "./tokens.ts";
import type { Store } from "./store.ts";
import type { Outbox } from "./webhooks/outbox.ts";
import type { Sender } from "./webhooks/post.ts";

/** What the routes of a host work with. */
export interface HostParts {
  /** What it can run. */
  readonly registry: Registry;
  /** Where it keeps runs. */
  readonly store: Store;
  /** Those in memory. */
  readonly runs: Runs;
  /** What moves them on. */
  readonly scheduler: Scheduler;
  /** What wakes readers. */
  readonly signals: Signals;
  /** What readers of streams share. */
  readonly pieces: Pieces;
  /** What delivers to webhooks. */
  readonly outbox: Outbox;
  /** How that leaves the host. */
  readonly sender: Sender;
  /** What is being executed. */
  readonly inFlight: InFlight;
  /** What is open. */
  readonly openings: Openings;
  /** Time. */
  readonly clock: Clock;
  /** Comes back to what the store could not do. */
  readonly again: Again;
  /** Of idempotency keys. */
  readonly claims: Claims;
  /** Ids of new runs. */
  readonly ids: IdSource;
  /** Its workflows, with the code for more. */
  readonly shelf: Shelf;
  /** Whether it takes more over the wire. */
  readonly takesWorkflows: boolean;
  /** How many runs there may be. */
  readonly quota: Quota;
  /** What it takes. */
  readonly limits: FilledLimits;
  /** Whose pages may call. */
  readonly cors: CorsOrigins | undefined;
  /** Of the OpenAPI document. */
  readonly openApi: (
    major: Major,
  ) => { readonly document: unknown; readonly etag: string };
  /** Of the questions of its runs. */
  readonly tokens: Tokens;
  /** How it gets to know its callers. */
  readonly door: Door;
  /** Where failures go that the wire does not tell. */
  readonly onError: ErrorSink;
  /** The oldest release of the protocol that its clients may be built against. */
  readonly minClientVersion: string | undefined;
  /** The majors that it speaks. */
  readonly majors: readonly Major[];
  /** Of the discovery document, as each major has it. */
  readonly discovery: Readonly<
    Record<Major, { readonly document: unknown; readonly etag: string }>
  >;
}

/** One request, after the edge has read it. */
export interface Call {
  /** For its headers. */
  readonly request: Request;
  /** The query. */
  readonly query: URLSearchParams;
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal | undefined;
  /** Who calls. */
  readonly principal: Principal;
  /** Of a `POST`; `undefined` where there is none. */
  readonly body: JsonValue | undefined;
  /** The contract that it belongs to. */
  readonly major: Major;
  /** Of a request with an idempotency key. */
  readonly claimed?: Claimed;
}
