// Web standards only.
/**
 * The OpenWOP client: runs, events, interrupts and forks on any OpenWOP host.
 *
 * @module
 */
export * from "./protocol/mod.ts";
