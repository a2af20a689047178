// Web standards only.
/**
 * The words of Round Table: its operations and its shapes, spelled as the server spells them.
 *
 * @module
 */
export * from "./auth.ts";
export * from "./collaborations.ts";
export * from "./dates.ts";
export * from "./live.ts";
export * from "./messages.ts";
export * from "./operations.ts";
export * from "./pages.ts";
export * from "./sandboxes.ts";
export * from "./system.ts";
export * from "./workspaces.ts";
