// Web standards only.
import type { TraceContext } from "./options.ts";
import { randomHex } from "./random_hex.ts";

/** The parts of a `traceparent`. */
export interface TraceParent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the span that the work belongs to. */
  readonly spanId: string;
  /** Whether the caller records the trace. */
  readonly sampled: boolean;
}

/**
 * Reads a `traceparent`. Source: W3C Trace Context, §3.2; later versions are read as far as they are known.
 *
 * @param text Value of the header, of a request that came in or an answer.
 * @returns `undefined` for what is none, ids of zeros included.
 *
 * @example
 * ```ts
 * import { parseTraceparent } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
 * assert.deepEqual(parseTraceparent(text), {
 *   traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
 *   spanId: "00f067aa0ba902b7",
 *   sampled: true,
 * });
 * assert.equal(parseTraceparent("00-0-0-00"), undefined);
 * ```
 */
export function parseTraceparent(
  text: string | null | undefined,
): TraceParent | undefined {
  const [, version, traceId = "", spanId = "", flags, more] =
    /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
      .exec(text ?? "") ?? [];
  if (version === undefined || (version === "00" && more)) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags ?? "", 16) & 1) === 1 };
}

/**
 * Begins a trace.
 *
 * @param sampled Whether it is recorded. @default true
 * @returns the option `trace` of a call.
 *
 * @example
 * ```ts
 * import { childTrace, createTrace, parseTraceparent } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const trace = createTrace();
 * const child = childTrace(trace);
 * const [outer, inner] = [trace, child].map(({ traceparent }) =>
 *   parseTraceparent(traceparent)
 * );
 * assert.equal(inner?.traceId, outer?.traceId);
 * assert.notEqual(inner?.spanId, outer?.spanId);
 * ```
 */
export function createTrace(sampled = true): TraceContext {
  return {
    traceparent: `00-${randomHex()}-${randomHex(8)}-0${sampled ? 1 : 0}`,
  };
}

/**
 * A new span of the same trace, for a call that is part of some work. A parent that is none begins a new trace, as the
 * specification wants it, and its `tracestate` is dropped. Source: W3C Trace Context, §3.2.2.3 and §3.3.
 *
 * @param parent Of that work: from a request that came in, or made by {@linkcode createTrace}.
 * @returns the option `trace` of a call, with the parent's `tracestate`.
 */
export function childTrace(parent: TraceContext): TraceContext {
  const known = parseTraceparent(parent.traceparent);
  return known
    ? {
      traceparent: `00-${known.traceId}-${randomHex(8)}-0${
        known.sampled ? 1 : 0
      }`,
      tracestate: parent.tracestate,
    }
    : createTrace();
}
