// Web standards only.
/**
 * The words of OpenSpawn, as its server spells them: objects, requests, states, routes.
 *
 * @module
 */
export * from "./agents.ts";
export * from "./api_keys.ts";
export * from "./auth.ts";
export * from "./budgets.ts";
export * from "./capabilities.ts";
export * from "./channels.ts";
export * from "./consensus.ts";
export * from "./credential.ts";
export * from "./credits.ts";
export * from "./dates.ts";
export * from "./deliveries.ts";
export * from "./direct_messages.ts";
export * from "./enums.ts";
export * from "./escalations.ts";
export * from "./events.ts";
export * from "./messages.ts";
export * from "./operations.ts";
export * from "./reputation.ts";
export * from "./routing.ts";
export * from "./signing.ts";
export * from "./system.ts";
export * from "./task_states.ts";
export * from "./tasks.ts";
export * from "./templates.ts";
export * from "./webhooks.ts";
export * from "./wire.ts";
