// Web standards only.
/**
 * Tutti: clients for multi-agent orchestration platforms, and a typed workflow DSL with an embedded host.
 *
 * @module
 */
export {};
