// Web standards only.
import type { CallOptions, JsonValue } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { createMethods, invoke } from "./invoke.ts";
import type { InterruptPayload, ResolveResponse } from "./protocol/mod.ts";

/** A question as the holder of its token sees it. */
export type InspectedInterrupt = InterruptPayload & {
  /** ISO 8601; only some version 1 hosts say it. */
  readonly expiresAt?: string;
  /** Only some version 1 hosts say it. */
  readonly resolved?: boolean;
};

/** The questions that runs ask. */
export interface InterruptsResource {
  /**
   * Answers the open question of a node, at once; `RunHandle.interrupt()` waits until it is open. Sent under an
   * idempotency key and retried. Source: v2 §9.2.
   *
   * @param runId The run.
   * @param nodeId The node that asks.
   * @param value The answer, shaped by the question.
   * @param options Options of the call.
   * @throws {OpenwopError} 400 `validation_error` for a value that does not fit, 403 for somebody who may not answer,
   * 404 `not_found`, 409 `interrupt_already_resolved`.
   */
  resolve(
    runId: string,
    nodeId: string,
    value: JsonValue,
    options?: CallOptions,
  ): Promise<ResolveResponse>;

  /**
   * Reads the question that a token is the key to. Retried; sent without the API key, and no message holds the token.
   * Source: v2 §9.3.
   *
   * @param token From the link that somebody was sent.
   * @param options Options of the call.
   * @throws {OpenwopError} 401 `interrupt_token_invalid`, 410 `interrupt_expired`, 404 on hosts without tokens.
   */
  inspectByToken(
    token: string,
    options?: CallOptions,
  ): Promise<InspectedInterrupt>;

  /**
   * Answers the question that a token is the key to. Sent under an idempotency key and retried, without the API key; no
   * message holds the token. Source: v2 §9.2, §9.3.
   *
   * @param token From the link that somebody was sent.
   * @param value The answer, shaped by the question.
   * @param options Options of the call.
   * @throws {OpenwopError} 400 `validation_error`, 401 `interrupt_token_invalid`, 403 for a token that may only look,
   * 409 `interrupt_already_resolved`, 410 `interrupt_expired`, 404 on hosts without tokens.
   */
  resolveByToken(
    token: string,
    value: JsonValue,
    options?: CallOptions,
  ): Promise<Partial<ResolveResponse>>;
}

/** Makes the resource. Sends nothing. */
export function createInterrupts(api: OpenwopApi): InterruptsResource {
  return createMethods<InterruptsResource>(api, "interrupts", {
    resolve: (runId, nodeId, value, options) =>
      invoke(api, "interrupts.resolve", [runId, nodeId], {
        body: { resumeValue: value },
      }, options),
    resolveByToken: (token, value, options) =>
      invoke(api, "interrupts.resolveByToken", [token], {
        body: { resumeValue: value },
      }, options),
  });
}
