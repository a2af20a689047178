// Web standards only.
import { brand, TuttiError } from "../http/mod.ts";
import { HEADERS } from "./protocol/mod.ts";
import type { Codec } from "./protocol/mod.ts";

/**
 * What answers is no OpenWOP host, or none of a major that this client speaks. Code: `protocol-mismatch`. Usually the
 * base URL points at something else. Source: v2 §2.3, §2.5.
 */
export class ProtocolMismatchError extends TuttiError {
  /** What the version header said, `undefined` where it was missing. */
  declare readonly receivedVersion: string | undefined;

  /**
   * Makes one; the client does, callers rarely need to.
   *
   * @param action What was under way.
   * @param problem What is wrong with the answer.
   * @param receivedVersion What the version header said.
   * @param cause The error behind it.
   */
  constructor(
    action: string,
    problem: string,
    receivedVersion?: string,
    cause?: unknown,
  ) {
    super(
      "protocol-mismatch",
      `Cannot read the answer to ${action}: ${problem}`,
      {
        hint: "check that the base URL is that of an OpenWOP host",
        cause,
      },
    );
    this.receivedVersion = receivedVersion;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is ProtocolMismatchError =
    /* @__PURE__ */ brand(this, "ProtocolMismatchError");
}

/** Refuses a success of another major. Source: v2 §2.3. */
export function mismatch(
  action: string,
  version: string | null,
  { major }: Codec,
): ProtocolMismatchError {
  return new ProtocolMismatchError(
    action,
    `the header ${HEADERS.version} is ${
      version === null ? "missing" : JSON.stringify(version)
    }, ${major}.x is wanted`,
    version ?? undefined,
  );
}
