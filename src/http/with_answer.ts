// Web standards only.
import type { Answer } from "./answer.ts";
import { refuse } from "./failures.ts";

/** A result, and the answer that it came in. */
export interface Answered<T> {
  /** What the method gives. */
  readonly data: T;
  /** Status, headers, body as it came, ids, tries and key. */
  readonly answer: Answer;
}

/**
 * Calls any method of any client and gives the answer beside the result: for headers, request ids, the raw body, or the
 * idempotency key.
 *
 * A method that makes several calls gives the answer of the last one. A failure is thrown as it is: an error knows its
 * status, ids and key by itself.
 *
 * @param method Calls the method and hands `onAnswer` on in its options.
 * @throws {InvalidArgumentError} `invalid-argument`, when `onAnswer` was not handed on.
 *
 * @example
 * ```ts
 * import { withAnswer } from "@tutti/sdk/http";
 * import { OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const client = new OpenwopClient({
 *   baseUrl: "https://wop.example.com",
 *   major: 2,
 *   fetch: () =>
 *     Response.json({ runId: "acme/r", workflowId: "w", status: "running" }, {
 *       headers: { "OpenWOP-Version": "2.0", "x-request-id": "req-1" },
 *     }),
 * });
 * const { data, answer } = await withAnswer((onAnswer) =>
 *   client.runs.get("acme/r", { onAnswer })
 * );
 * assert.equal(data.status, "running");
 * assert.equal(answer.requestId, "req-1");
 * ```
 */
export async function withAnswer<T>(
  method: (onAnswer: (answer: Answer) => void) => Promise<T>,
): Promise<Answered<T>> {
  let answer: Answer | undefined;
  const data = await method((last) => answer = last);
  return {
    data,
    answer: answer ??
      refuse("onAnswer", "it was not handed on to a method of a client"),
  };
}
