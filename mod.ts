// Web standards only.
/**
 * Tutti: declare workflows as code, run them on an embedded host or on any OpenWOP host, and talk to the platforms.
 *
 * This is the front door, for programs that want it all in one import; each room has a smaller entry point of its own.
 * Importing it runs nothing, and what is not used is left out by every bundler.
 *
 * @module
 *
 * @example
 * ```ts
 * import { createHost, defineNode, OpenwopClient, type, workflow } from "@tutti/sdk";
 * import assert from "node:assert/strict";
 *
 * const greet = defineNode({
 *   typeId: "local.example.greet",
 *   input: type<{ name: string }>(),
 *   output: type<{ text: string }>(),
 *   run: ({ name }) => ({ text: `Hello, ${name}` }),
 * });
 * const hello = workflow("hello", { version: "1.0.0" })
 *   .input(type<{ name: string }>())
 *   .step("greet", greet, ({ input }) => ({ name: input.name }))
 *   .output(({ greet }) => ({ text: greet.text }))
 *   .build();
 *
 * const host = createHost({ workflows: [hello] });
 * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
 * const run = await hello.start(client, { name: "Ada" });
 * assert.deepEqual((await run.result()).output, { text: "Hello, Ada" });
 * await host.close();
 * ```
 */
export { defineNode, toMermaid, type, workflow } from "./dsl/mod.ts";
export type { NodeType, Workflow, WorkflowRun } from "./dsl/mod.ts";
export {
  AgentFailedError,
  Flux0Client,
  Flux0Error,
  SessionBusyError,
} from "./src/flux0/mod.ts";
export type { Turn, TurnPart, TurnResult } from "./src/flux0/mod.ts";
export { createHost } from "./src/host/mod.ts";
export type { Host, HostOptions } from "./src/host/mod.ts";
export { TuttiError } from "./src/http/mod.ts";
export type { JsonObject, JsonValue } from "./src/http/mod.ts";
export { OpenSpawnClient, OpenSpawnError } from "./src/openspawn/mod.ts";
export {
  DefinitionError,
  InputError,
  InterruptNotPendingError,
  OpenwopClient,
  OpenwopError,
  RunCancelledError,
  RunFailedError,
} from "./src/openwop/mod.ts";
export type {
  NodeContext,
  OpenwopClientOptions,
  PendingInterrupt,
  RunEvent,
  RunHandle,
  WorkflowDefinition,
} from "./src/openwop/mod.ts";
export { RoundTableClient, RoundTableError } from "./src/roundtable/mod.ts";
