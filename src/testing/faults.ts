// Web standards only.

/**
 * Where in the body of an answer a fault strikes. Without either, right after the headers. A point behind the end of
 * the body is never reached, and the fault does not happen; the end itself is reached.
 */
export interface FaultPoint {
  /** After this many bytes. */
  readonly afterBytes?: number | undefined;
  /** After this many events of an event stream, comments and `retry` alone counting as events too. */
  readonly afterEvents?: number | undefined;
}

/** How an answer asks to be left alone for a while. */
export type WaitHint =
  /** `Retry-After` in seconds. */
  | "retry-after"
  /** `Retry-After` as a date. */
  | "retry-after-date"
  /** `retry-after-ms`. */
  | "retry-after-ms"
  /** `x-ratelimit-reset` in seconds since the epoch. */
  | "x-ratelimit-reset"
  /** `ratelimit-reset` in seconds from now. */
  | "ratelimit-reset";

/**
 * One way for an exchange to go wrong, as plain data: it can be generated, printed and kept in a file.
 *
 * Unless it says otherwise, the server has done its work when the fault strikes, which is what makes a retry
 * dangerous.
 */
export type Fault =
  /** The connection breaks before the server has seen the request: nothing was done. */
  | { readonly kind: "refuse" }
  /**
   * An answer of 429, 503 or another status in place of the real one, with a hint of `waitMs`. Nothing was done, unless
   * `afterWork` says so.
   */
  | {
    readonly kind: "busy";
    /** @default 503 */
    readonly status?: number | undefined;
    readonly hint?: WaitHint | undefined;
    /** @default 1_000 */
    readonly waitMs?: number | undefined;
    /** @default false */
    readonly afterWork?: boolean | undefined;
  }
  /** The server does its work; the connection breaks before a byte of the answer. */
  | { readonly kind: "lose-reply" }
  /** The server does its work and never answers; the connection stays. */
  | { readonly kind: "silent" }
  /** The connection breaks within the body. */
  | { readonly kind: "drop" } & FaultPoint
  /** The body ends early, as if it were complete. */
  | { readonly kind: "close" } & FaultPoint
  /**
   * The server stops sending and goes on listening. Over a socket the body has no length of its own and ends with the
   * server's half of the connection; in memory it is the same as `close`.
   */
  | { readonly kind: "half-close" } & FaultPoint
  /** Nothing more comes, for `forMs` milliseconds or, without it, for ever. */
  | { readonly kind: "stall"; readonly forMs?: number | undefined } & FaultPoint
  /** The body comes in pieces of at most `bytes` bytes, one every `everyMs` milliseconds. */
  | { readonly kind: "slow"; readonly bytes: number; readonly everyMs: number }
  /** Event number `event`, counted from 0, comes twice. */
  | { readonly kind: "duplicate"; readonly event: number }
  /** Event number `event`, counted from 0, comes after the one behind it. */
  | { readonly kind: "reorder"; readonly event: number }
  /** Event number `event`, counted from 0, does not come. */
  | { readonly kind: "omit"; readonly event: number }
  /** Bytes that are no UTF-8, no JSON and no event come in between. */
  | { readonly kind: "garbage" } & FaultPoint
  /** So many spaces come in between. */
  | { readonly kind: "oversized"; readonly bytes: number } & FaultPoint
  /** The answer says that it is something else. */
  | {
    readonly kind: "wrong-type";
    /** @default "text/html" */
    readonly contentType?: string | undefined;
  };

/**
 * What goes wrong, request by request: entry `n` is for request `n`, counted from 0, and several faults of one request
 * strike in their order. Without an entry, or behind the last one, all is well; `null` is what JSON makes of none.
 */
export type FaultPlan =
  readonly (Fault | readonly Fault[] | null | undefined)[];

const kinds: Readonly<Record<Fault["kind"], true>> = {
  refuse: true,
  busy: true,
  "lose-reply": true,
  silent: true,
  drop: true,
  close: true,
  "half-close": true,
  stall: true,
  slow: true,
  duplicate: true,
  reorder: true,
  omit: true,
  garbage: true,
  oversized: true,
  "wrong-type": true,
};

/** The plan as lists, refusing a kind that is none: it would do nothing, and the test would show nothing. */
export function readPlan(plan: FaultPlan): readonly (readonly Fault[])[] {
  return Array.from(plan, (planned) => {
    const faults = !planned ? [] : "kind" in planned ? [planned] : planned;
    for (const { kind } of faults) {
      if (!Object.hasOwn(kinds, kind)) {
        throw new RangeError(`no fault is called ${JSON.stringify(kind)}`);
      }
    }
    return faults;
  });
}

/** The faults of one kind. */
export type FaultOf<Kind extends Fault["kind"]> = Extract<
  Fault,
  { readonly kind: Kind }
>;

/** The first fault of a kind. */
export function findFault<Kind extends Fault["kind"]>(
  faults: readonly Fault[],
  kind: Kind,
): FaultOf<Kind> | undefined {
  return faults.find((fault) => fault.kind === kind) as
    | FaultOf<Kind>
    | undefined;
}

/** The headers of a hint. */
export function hintHeaders(
  hint: WaitHint | undefined,
  waitMs: number,
  now: number,
): Record<string, string> {
  switch (hint) {
    case undefined:
      return {};
    case "retry-after-ms":
      return { [hint]: String(waitMs) };
    case "retry-after-date":
      return { "retry-after": new Date(now + waitMs).toUTCString() };
    case "x-ratelimit-reset":
      return { [hint]: String(Math.ceil((now + waitMs) / 1_000)) };
    default:
      return { [hint]: String(Math.ceil(waitMs / 1_000)) };
  }
}
