// Web standards only.
import { brand, HttpError, TuttiError } from "../http/mod.ts";
import type { OperationName } from "./protocol/mod.ts";

/** What an {@linkcode UnsupportedError} is made from. */
export interface UnsupportedErrorInit {
  /** The capability that the host lacks; `undefined` where the protocol has no name for it. */
  readonly capability: string | undefined;
  /** The major that was spoken. */
  readonly major: 1 | 2;
  /** How it is known. */
  readonly reason: string;
  /** The answer of the host, where it was asked. */
  readonly cause?: unknown;
}

/**
 * The host does not offer an operation. Code: `unsupported`. Never retryable.
 *
 * Thrown before anything is sent where the discovery document has been read and tells, and for an operation that the
 * major does not have; otherwise made of the host's 404 or 501, which is the `cause` then. Source: v2 §6.1, §16; v1 §4.3.
 */
export class UnsupportedError extends TuttiError {
  /** Which operation: `agents.list`. */
  declare readonly operation: OperationName;
  /** The capability that is missing: `agents.manifestRuntime`; `undefined` where the protocol has no name for it. */
  declare readonly capability: string | undefined;
  /** The major that was spoken. */
  declare readonly major: 1 | 2;
  /** How many tries the host has refused; 0 when nothing was sent. */
  override readonly attempts: number;
  /** The key of the call that was refused. */
  override readonly idempotencyKey: string | undefined;

  /**
   * Makes one; the client does, callers rarely need to.
   *
   * @param operation Which operation.
   * @param init What is missing, and how it is known.
   */
  constructor(operation: OperationName, init: UnsupportedErrorInit) {
    const { capability, major, reason, cause } = init;
    super("unsupported", `Cannot call ${operation}: ${reason}`, {
      cause,
      // A host that refuses by 405 or 501 may advertise it all the same.
      hint: capability === undefined ||
          (HttpError.is(cause) && cause.status !== 404)
        ? "this host cannot do it: go without, or use another host"
        : `ask client.discovery.has(${JSON.stringify(capability)}) before`,
    });
    this.operation = operation;
    this.capability = capability;
    this.major = major;
    const refusal = TuttiError.is(cause) ? cause : undefined;
    this.attempts = refusal?.attempts ?? 0;
    this.idempotencyKey = refusal?.idempotencyKey;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is UnsupportedError =
    /* @__PURE__ */ brand(this, "UnsupportedError");
}
