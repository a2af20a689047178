// Web standards only.

/** One field that a server refuses. The value that was sent is left out: it may be a secret. */
export interface ValidationIssue {
  /** A code of the server's validator, for example `string_too_short`. */
  readonly type: string;
  /** Where: `body.name`. */
  readonly field: string;
  /** In the server's words. */
  readonly message: string;
}

/**
 * Reads the list of issues that servers with Pydantic refuse a request with: `[{ type, loc, msg }]`.
 *
 * @param detail Whatever came.
 * @returns those that are of this form; none, where it is no list.
 *
 * @example
 * ```ts
 * import { readIssues } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(
 *   readIssues([{ type: "missing", loc: ["body", "name"], msg: "Field required" }]),
 *   [{ type: "missing", field: "body.name", message: "Field required" }],
 * );
 * assert.deepEqual(readIssues("not found"), []);
 * ```
 */
export function readIssues(detail: unknown): readonly ValidationIssue[] {
  return (Array.isArray(detail) ? detail : []).flatMap((issue) => {
    const { type, loc, msg: message } = Object(issue);
    return typeof type === "string" && typeof message === "string" &&
        Array.isArray(loc)
      ? [{ type, field: loc.join("."), message }]
      : [];
  });
}
