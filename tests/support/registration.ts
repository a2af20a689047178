import assert from "node:assert/strict";
import { RegistrationError } from "@tutti/sdk/openwop";
import type { WorkflowDefinition } from "@tutti/sdk/openwop";

/** What is to be registered. */
export const definition: WorkflowDefinition = {
  id: "greeting",
  name: "Greeting",
  version: "1.0.0",
  nodes: [{
    id: "hello",
    typeId: "core.noop",
    name: "hello",
    position: { x: 0, y: 0 },
    config: {},
    inputs: {},
  }],
  edges: [],
  triggers: [],
  variables: [],
  metadata: {},
  settings: { timeout: 0, maxRetries: 0, logLevel: "info" },
};
/** The same, in another version. */
export const changed: WorkflowDefinition = { ...definition, version: "1.1.0" };
/** Another one. */
export const other: WorkflowDefinition = { ...definition, id: "other" };

/** An answer that refuses. */
export function refusal(status: number, code: string): Response {
  return Response.json({ error: code, message: code }, { status });
}

/** The error of a host that takes no workflows. */
export async function failure(
  promise: Promise<unknown>,
): Promise<RegistrationError> {
  const error: unknown = await promise.then(
    () => undefined,
    (error) => error,
  );
  assert.ok(RegistrationError.is(error), String(error));
  assert.equal(error.code, "registration-unsupported");
  assert.equal(error.retryable, false);
  return error;
}
