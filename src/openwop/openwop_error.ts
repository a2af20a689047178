// Web standards only.
import { brand, hasKind, HttpError, TuttiError } from "../http/mod.ts";
import type { HttpErrorInit, HttpFailure, JsonValue } from "../http/mod.ts";
import { HEADERS } from "./protocol/mod.ts";

/**
 * An OpenWOP host refused a call. Code: `http-error`.
 *
 * Branch on `platformCode`, the protocol's own code (`not_found`, `run_terminal`, `interrupt_already_resolved` …), and
 * on `status` where there is none; `details` is whatever belongs to the code. Source: v2 §12.
 */
export class OpenwopError extends HttpError {
  /** Literal, so that it survives a minifier. */
  override name = "OpenwopError";
  /** False when the answer did not come from an OpenWOP host but from something in front of it. Source: v2 §2.3. */
  readonly fromHost: boolean;

  /**
   * Makes one; the client does, callers rarely need to.
   *
   * @param action What was under way, for example `POST /runs`.
   * @param init Everything about the answer.
   * @param fromHost Whether it carried the protocol's version header.
   */
  constructor(action: string, init: HttpErrorInit, fromHost: boolean) {
    super(action, init);
    this.fromHost = fromHost;
    brand(this, "OpenwopError");
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is(value: unknown): value is OpenwopError {
    return hasKind(value, "OpenwopError");
  }
}

/**
 * An answer that looks like a success and is none of OpenWOP 2: the version header is missing or names another major.
 * Code: `protocol-mismatch`. Usually the base URL points at something else. Source: v2 §2.3.
 */
export class ProtocolMismatchError extends TuttiError {
  /** Literal, so that it survives a minifier. */
  override name = "ProtocolMismatchError";
  /** What the header said, `undefined` where it was missing. */
  readonly receivedVersion: string | undefined;

  /**
   * Makes one; the client does, callers rarely need to.
   *
   * @param action What was under way.
   * @param receivedVersion What the header said.
   */
  constructor(action: string, receivedVersion: string | undefined) {
    super(
      "protocol-mismatch",
      `Cannot read the answer to ${action}: the header ${HEADERS.version} is ${
        receivedVersion === undefined
          ? "missing"
          : JSON.stringify(receivedVersion)
      }, 2.x is wanted`,
      { hint: "check that the base URL is that of an OpenWOP 2 host" },
    );
    this.receivedVersion = receivedVersion;
    brand(this, "ProtocolMismatchError");
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is(value: unknown): value is ProtocolMismatchError {
    return hasKind(value, "ProtocolMismatchError");
  }
}

/** Reads the error envelope of the protocol. Source: v2 §12.1, §12.2. */
export function toOpenwopError(failure: HttpFailure): OpenwopError {
  const fromHost = failure.headers.has(HEADERS.version);
  const envelope = readEnvelope(failure.body);
  const { code } = envelope;
  return new OpenwopError(failure.action, {
    ...failure,
    platformCode: code,
    platformMessage: envelope.message,
    details: envelope.details,
    // These say that repeating the same call cannot help, whatever their status.
    retryable: code === "idempotency_in_flight" ||
      (failure.retryable === true && code !== "event_type_unmapped" &&
        code !== "payload_unprojectable"),
    ...optionalHint(failure.hint ?? hintFor(failure.status, code, fromHost)),
  }, fromHost);
}

function readEnvelope(body: JsonValue | undefined): {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly details?: JsonValue | undefined;
} {
  if (!isRecord(body)) return {};
  // Some hosts nest it.
  const source = isRecord(body.error) ? body.error : body;
  const code = isRecord(body.error) ? body.error.code : body.error;
  return {
    code: typeof code === "string" ? code : undefined,
    message: typeof source.message === "string" ? source.message : undefined,
    details: source.details,
  };
}

function hintFor(
  status: number,
  code: string | undefined,
  fromHost: boolean,
): string | undefined {
  if (code !== undefined && Object.hasOwn(hints, code)) return hints[code];
  if (!fromHost && code === undefined && status < 500 && status !== 429) {
    return `the answer lacks the header ${HEADERS.version}: check that the base URL is that of an OpenWOP 2 host`;
  }
  if (status === 401) return "check the API key";
  if (status === 403) return "check what the API key may do";
  return undefined;
}

const hints: Readonly<Record<string, string>> = {
  id_tenant_mismatch: "the id belongs to another tenant than the API key",
  run_terminal: "the run has ended: read its result or fork it",
  interrupt_already_resolved: "somebody else has answered: read the run",
  idempotency_key_mismatch:
    "this key was used for another request: give every call its own",
  protocol_version_unsupported: "this host does not speak OpenWOP 2",
  client_version_unsupported: "the host wants a newer client: update Tutti",
  fork_point_invalid: "fork at a sequence that the log of the run has",
};

function optionalHint(
  hint: string | undefined,
): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}

function isRecord(
  value: JsonValue | undefined,
): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
