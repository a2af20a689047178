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
  /** Gets all tools in few words. Throws as the long form does. */
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

/** What starts runs from outside. Capability `triggerBridge`. Source: v2 §6.2 row 54, v1 §5.2. */
export interface TriggerSubscriptionsResource {
  /**
   * Makes one. Its `binding` is shown only here. Sent under an idempotency key and retried.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, for a field that no host takes.
   * @throws {UnsupportedError} `unsupported`.
   */
  create(
    request: TriggerSubscriptionRequest,
    options?: CallOptions,
  ): Promise<TriggerSubscriptionCreated>;
}

/** The body of `POST /trigger-subscriptions`. The object is closed. */
export interface TriggerSubscriptionRequest {
  /** What starts runs. */
  readonly source: "webhook" | "email" | "form";
  /** Of which workflow. */
  readonly workflowId: string;
  /** Whether what comes in twice starts one run. @default true */
  readonly dedupEnabled?: boolean;
  /** What happens when a run cannot be started. */
  readonly retryPolicy?: {
    readonly maxAttempts?: number;
    readonly backoff?: "none" | "fixed" | "exponential";
  };
  /** Whether what comes in must prove where it is from. */
  readonly verification?: {
    readonly mode?: "required" | "best-effort" | "none";
  };
  /** How what comes in becomes inputs. */
  readonly inputMapping?: JsonObject;
}

/** The answer. */
export interface TriggerSubscriptionCreated {
  /** As it is kept. */
  readonly subscription: {
    readonly subscriptionId: string;
    readonly source: "webhook" | "schedule" | "queue" | "email" | "form";
    readonly state: "active" | "paused" | "failed" | "dead-lettered";
  };
  /** Where to send to, and the secret: only here and only once. */
  readonly binding: JsonObject;
}

/** The audit log of a host. Capability `auditLogIntegrity`. Source: v2 §6.2 row 55, v1 §5.2. */
export interface AuditResource {
  /**
   * Checks the chain of the log between two sequences, both included. Retried.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, for a sequence that is none.
   * @throws {UnsupportedError} `unsupported`.
   */
  verify(
    query: { readonly fromSeq: number; readonly toSeq: number },
    options?: CallOptions,
  ): Promise<AuditVerdict>;
}

/** Whether the log is whole. */
export interface AuditVerdict {
  /** As asked. */
  readonly fromSeq: number;
  /** As asked. */
  readonly toSeq: number;
  /** Whether every entry follows from the one before it. */
  readonly chainValid: boolean;
  /** Whether the signatures are good. */
  readonly checkpointsValid?: boolean;
  /** Signed places. */
  readonly checkpoints: readonly {
    readonly checkpoint: string;
    readonly atSequence: number;
    readonly merkleRoot: string;
    readonly signature: string;
  }[];
  /** Where it is broken. */
  readonly anomalies: readonly {
    readonly atSeq: number;
    readonly expectedPrevHash: string;
    readonly actualPrevHash: string;
  }[];
}

/** Files of a workspace; version 1 only. Capability `workspace`. Source: v1 §5.2. */
export interface WorkspaceResource {
  /** Gets all files below a prefix, without their content. Retried. */
  list(
    query?: { readonly prefix?: string | undefined },
    options?: CallOptions,
  ): Promise<{ readonly files: readonly WorkspaceFileInfo[] }>;
  /** Gets a file. Retried. */
  read(
    path: string,
    query?: { readonly version?: number | undefined },
    options?: CallOptions,
  ): Promise<WorkspaceFile>;
  /**
   * Writes a file. Sent under an idempotency key and retried. A header `If-Match` in the options keeps it from
   * overwriting what somebody else wrote.
   *
   * @throws {OpenwopError} 409 `workspace_conflict` with `details.currentVersion`, 413 `workspace_too_large`.
   */
  write(
    path: string,
    file: {
      readonly content: string;
      readonly contentType?: string | undefined;
    },
    options?: CallOptions,
  ): Promise<WorkspaceFile>;
  /** Deletes a file. Sent under an idempotency key and retried. */
  delete(path: string, options?: CallOptions): Promise<void>;
}

/** A file of a workspace, with its content. */
export interface WorkspaceFile extends WorkspaceFileInfo {
  /** Its text. */
  readonly content: string;
}

/** A file of a workspace. */
export interface WorkspaceFileInfo {
  /** Its name, with slashes. */
  readonly path: string;
  /** A media type. @default "text/markdown" */
  readonly contentType?: string;
  /** From 1. */
  readonly version: number;
  /** For `If-Match`. */
  readonly etag?: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** The registry of node packs, which may be another server than the host; version 1 only. Source: v1 §5.2. */
export interface PacksResource {
  /**
   * Gets the manifest of one release of a pack. Retried.
   *
   * @throws {OpenwopError} 404 `pack_version_not_found`.
   */
  get(
    name: string,
    version: string,
    options?: CallOptions,
  ): Promise<PackManifest>;
}

/** What a registry says about one release of a pack. */
export interface PackManifest extends JsonObject {
  /** Its name. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
}
