// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import { expecting } from "./api.ts";
import type { OpenwopApi } from "./api.ts";
import type { JsonValue, ResolveResponse } from "./protocol/mod.ts";

/** The questions that runs ask. */
export class InterruptsResource {
  readonly #api: OpenwopApi;

  /**
   * Made by the client.
   *
   * @param api The way to the host.
   */
  constructor(api: OpenwopApi) {
    this.#api = api;
  }

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
  ): Promise<ResolveResponse> {
    const path = this.#api.path`/runs/${runId}/interrupts/${nodeId}`;
    return this.#api.call({
      name: "interrupts.resolve",
      method: "POST",
      path,
      json: { resumeValue: value },
      contract: "keyed",
      decode: expecting<ResolveResponse>(`POST ${path}`, {
        runId: "string",
        nodeId: "string",
        status: "string",
      }),
    }, options);
  }
}
