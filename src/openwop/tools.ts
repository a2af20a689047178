// Web standards only.
import type { CallOptions, JsonObject } from "../http/mod.ts";

/** The tools that a host has. Capability `toolCatalog`. Retried. Source: v2 §6.2 rows 39 and 40. */
export interface ToolsResource {
  /**
   * Gets all tools: an array, or `{ tools }` with `view: "compact"`.
   *
   * @throws {UnsupportedError} `unsupported`.
   */
  list(
    query?: { readonly view?: "standard" | undefined },
    options?: CallOptions,
  ): Promise<readonly ToolDescriptor[]>;
  /**
   * Gets all tools in few words.
   *
   * @throws as the long form does.
   */
  list(
    query: { readonly view: "compact" },
    options?: CallOptions,
  ): Promise<{ readonly tools: readonly JsonObject[] }>;
  /**
   * Gets one tool.
   *
   * @throws {OpenwopError} 404 `not_found`.
   * @throws {UnsupportedError} `unsupported`.
   */
  get(
    toolId: string,
    query?: { readonly view?: "standard" | "compact" | undefined },
    options?: CallOptions,
  ): Promise<ToolDescriptor>;
}

/** What a host says about a tool. */
export interface ToolDescriptor {
  /** Its id. */
  readonly toolId: string;
  /** Where it came from. */
  readonly source:
    | "node-pack"
    | "workflow"
    | "mcp"
    | "connector"
    | "host-extension";
  /** For people. */
  readonly title?: string;
  /** More words. */
  readonly description?: string;
  /** JSON Schema. */
  readonly inputSchema?: JsonObject;
  /** JSON Schema. */
  readonly outputSchema?: JsonObject;
  /** What it wants. */
  readonly auth?: {
    readonly scopes?: readonly string[];
    readonly credentialRef?: boolean;
  };
  /** How it reaches the world outside. */
  readonly egress?: "none" | "safe-fetch" | "host-mediated" | "host-owned";
  /** Whether somebody must approve. */
  readonly approval?: "never" | "conditional" | "always";
  /** What a replay may expect. */
  readonly replayPolicy?: "deterministic" | "idempotent" | "non-deterministic";
  /** What it can do. */
  readonly safetyTier: "pure" | "read" | "write" | "exec";
  /** What it costs. */
  readonly costHint?: "low" | "medium" | "high";
  /** How long it takes. */
  readonly latencyHint?: "low" | "medium" | "high";
}
