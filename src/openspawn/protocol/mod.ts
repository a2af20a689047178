// Web standards only.
/**
 * The words of OpenSpawn, as its server spells them: objects, requests, states, routes.
 *
 * @module
 */
export * from "./agents.ts";
export * from "./consensus.ts";
export * from "./credits.ts";
export * from "./deliveries.ts";
export * from "./enums.ts";
export * from "./messages.ts";
export * from "./operations.ts";
export * from "./task_states.ts";
export * from "./tasks.ts";
export * from "./users.ts";
export * from "./wire.ts";
