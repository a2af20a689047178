// Web standards only.
import { brand, HttpError, own } from "../http/mod.ts";
import type { HttpErrorInit, HttpFailure } from "../http/mod.ts";
import { HEADERS } from "./protocol/mod.ts";
import type {
  Codec,
  ErrorDetailsOf,
  Major,
  OpenwopErrorCode,
  WireError,
} from "./protocol/mod.ts";

/** What an {@linkcode OpenwopError} is made from. */
export interface OpenwopErrorInit extends HttpErrorInit {
  /** The code as the host spelled it. @default platformCode */
  readonly rawCode?: string | undefined;
  /** Whether an OpenWOP host answered. @default true */
  readonly fromHost?: boolean | undefined;
  /** The major that was spoken. @default 2 */
  readonly major?: Major | undefined;
}

/**
 * An OpenWOP host refused a call. Code: `http-error`.
 *
 * Branch on `platformCode`, the protocol's own code in the spelling of version 2 (`not_found`, `run_terminal`,
 * `interrupt_already_resolved` …), with {@linkcode isCode}, and on `status` where there is none; `details` is whatever
 * belongs to the code. Source: v2 §12.
 */
export class OpenwopError extends HttpError {
  /** The code as the host spelled it: hosts of version 1 have other words for some. Source: v2 §12.3. */
  declare readonly rawCode: string | undefined;
  /** False when the answer did not come from an OpenWOP host but from something in front of it. Source: v2 §2.3. */
  declare readonly fromHost: boolean;
  /** The major that was spoken. */
  declare readonly major: Major;

  /**
   * Makes one; the client does, callers rarely need to.
   *
   * @param action What was under way, for example `POST /runs`.
   * @param init Everything about the answer.
   */
  constructor(action: string, init: OpenwopErrorInit) {
    super(action, init);
    this.rawCode = init.rawCode ?? init.platformCode;
    this.fromHost = init.fromHost ?? true;
    this.major = init.major ?? 2;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is OpenwopError =
    /* @__PURE__ */ brand(this, "OpenwopError");
}

/** An {@linkcode OpenwopError} whose code is known. */
export type OpenwopErrorOf<Code extends string> = OpenwopError & {
  /** The code. */
  readonly platformCode: Code;
  /** What belongs to it, as far as the host says. */
  readonly details: ErrorDetailsOf<Code> | undefined;
};

/**
 * Whether `error` is a refusal with one of these codes, in the spelling of version 2 whatever the host's major is. Knows
 * the details of the code then; a host may leave any of them out.
 *
 * For the codes of runs that failed see `RunFailedError.runError`: they are no refusals. Source: v2 §12.
 *
 * @param error Anything that was thrown.
 * @param codes At least one.
 *
 * @example
 * ```ts
 * import { isCode, OpenwopError } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const error: unknown = new OpenwopError("POST /runs/acme~2Fr:pause", {
 *   status: 409,
 *   headers: new Headers(),
 *   platformCode: "run_state_conflict",
 *   details: { runStatus: "paused" },
 * });
 * assert.ok(isCode(error, "run_state_conflict"));
 * assert.equal(error.details?.runStatus, "paused");
 * ```
 */
export function isCode<
  Code extends OpenwopErrorCode | (string & Record<never, never>),
>(error: unknown, ...codes: readonly Code[]): error is OpenwopErrorOf<Code> {
  return OpenwopError.is(error) &&
    (codes as readonly unknown[]).includes(error.platformCode);
}

/** Makes the error of a refusal. Source: v2 §12.1, §12.2. */
export function toOpenwopError(
  failure: HttpFailure,
  codec: Codec,
): OpenwopError {
  const error = codec.readError(failure);
  const { code = "" } = error;
  const hint = failure.hint ?? hintFor(failure, error);
  return new OpenwopError(failure.action, {
    ...failure,
    ...error,
    code: "http-error",
    platformCode: error.code,
    platformMessage: error.message,
    major: codec.major,
    // Some codes know better than their status whether the same call can help later.
    retryable: again.has(code) ||
      (failure.retryable === true && !never.has(code)),
    hint,
  });
}

const again = new Set(["idempotency_in_flight", "residency_unavailable"]);
const never = new Set(["event_type_unmapped", "payload_unprojectable"]);

function hintFor(
  { status, action }: HttpFailure,
  { code, details = {}, fromHost }: WireError,
): string | undefined {
  if (code === "client_version_unsupported") {
    const floor = typeof details.minClientVersion === "string"
      ? ` of at least ${details.minClientVersion.slice(0, 32)}`
      : "";
    return `the host wants a client built against a release${floor}: update Tutti`;
  }
  const known = own(hints, code ?? "");
  if (known) return known;
  if (!fromHost && code === undefined && status < 500 && status !== 429) {
    return `the answer lacks the header ${HEADERS.version}: check that the base URL is that of an OpenWOP host`;
  }
  if (status === 401) return "check the API key";
  if (status === 403) return "check what the API key may do";
  if (status === 404 && /^POST .*\/runs$/.test(action)) {
    return "the host lacks this workflow: deploy() it, or hand it to createHost()";
  }
  const { pointer } = details;
  // It names a part of what was sent; the words of the host are not for logs.
  return typeof pointer === "string" && /^[\w/-]{2,200}$/.test(pointer)
    ? `${pointer} is refused: \`platformMessage\` says more`
    : undefined;
}

const hints: Readonly<Record<string, string>> = {
  id_tenant_mismatch: "the id belongs to another tenant than the API key",
  run_terminal: "the run has ended: read its result or fork it",
  interrupt_already_resolved: "somebody else has answered: read the run",
  idempotency_key_mismatch:
    "this key was used for another request: give every call its own",
  protocol_version_unsupported:
    "this host does not speak the major: leave `major` out, or see details.protocolVersions",
  fork_point_invalid: "fork at a sequence that the log of the run has",
};
