// Web standards only.
/**
 * The ground floor: everything that a client of any platform needs to talk HTTP well.
 *
 * @module
 */
export * from "./clock.ts";
export * from "./errors.ts";
export * from "./failures.ts";
export * from "./http_error.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export * from "./standard_schema.ts";
