// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type { RunConfigurable } from "./configurable.ts";
import type { RunErrorCode } from "./error_codes.ts";

/** The ten states of a run, the same in both majors. Source: v2 §5. */
export type RunStatus =
  | "pending"
  | "running"
  | "paused"
  | "waiting-approval"
  | "waiting-input"
  | "waiting-external"
  | "completed"
  | "failed"
  | "cancelling"
  | "cancelled";

/** Whether a run in `status` will never change again. An unknown status counts as not terminal. */
export function isTerminalStatus(
  status: string,
): status is "completed" | "failed" | "cancelled" {
  return status === "completed" || status === "failed" ||
    status === "cancelled";
}

/** Who acts. Source: v2 §8.3. */
export interface Subject {
  /** Who vouches for the subject. */
  readonly issuer: string;
  /** The subject at that issuer. */
  readonly subjectId: string;
  /** The tenant that it acts for. */
  readonly tenant: string;
  /** How it proved itself. */
  readonly lane:
    | "api-key"
    | "oauth2"
    | "oidc"
    | "mtls"
    | "saml"
    | "scim"
    | "ldap"
    | "workload"
    | "session"
    | "anonymous";
  /** What it is. */
  readonly kind: "user" | "agent" | "anonymous" | "workload";
}

/** Whom a run belongs to. Source: v2 §8.3. */
export interface RunOwner {
  /** The tenant segment of the run's id. */
  readonly tenant: string;
  /** Only where the host has workspaces. */
  readonly workspace?: string;
  /** Who started the run. */
  readonly subject: Subject;
}

/** Why a run or a node failed; not the same object as an HTTP {@linkcode ErrorEnvelope}. Source: v2 §12.1. */
export interface RunError {
  /** Stable; nodes and hosts have codes of their own too. */
  readonly code: RunErrorCode | (string & Record<never, never>);
  /** For people. */
  readonly message: string;
  /** Whatever belongs to the code. */
  readonly details?: JsonObject;
  /** Whether another attempt may help. */
  readonly retryable?: boolean;
}

/** The body of `POST /runs`. Source: v2 §8.1. The object is closed. */
export interface CreateRunRequest {
  /** Which workflow. */
  readonly workflowId: string;
  /** Values for its variables. */
  readonly inputs?: JsonObject;
  /** At most 100, each 1 to 256 characters. */
  readonly tags?: readonly string[];
  /** Kept and echoed, never interpreted. */
  readonly metadata?: JsonObject;
  /** Options of this run. */
  readonly configurable?: RunConfigurable;
  /** Must be the tenant of the credential; that is also the default. */
  readonly tenantId?: string;
  /** With `dedup: "enforce"`: at most one active run for it. */
  readonly scopeId?: string;
  /** Where the data of the run must stay. */
  readonly residency?: JsonObject;
  /** Where the host may send the link that answers an interrupt. */
  readonly callbackUrl?: string;
  /** An eval run: the suite, on the agent. */
  readonly mode?: "eval";
  /** Only with `mode: "eval"`. */
  readonly evalSuiteRef?: string;
  /** Only with `mode: "eval"`. */
  readonly agentId?: string;
}

/** The answer to `POST /runs`. Source: v2 §6.2 row 4. */
export interface CreateRunResponse {
  /** `<tenant>/<opaque>`. */
  readonly runId: string;
  /** Usually `pending` or `running`; of a run that needs nobody it may be the end already. */
  readonly status: RunStatus;
  /** Where the events are, on the origin of the request. */
  readonly eventsUrl: string;
  /** Where the snapshot is. */
  readonly statusUrl?: string;
}

/** A run as it stands. Source: v2 §8.3. */
export interface RunSnapshot {
  /** `<tenant>/<opaque>`. */
  readonly runId: string;
  /** Which workflow it runs. */
  readonly workflowId: string;
  /** Where it stands. */
  readonly status: RunStatus;
  /** Whom it belongs to. */
  readonly owner: RunOwner;
  /** 3: the log uses version 2 names; 2: version 1 names. Source: v2 §7.4. */
  readonly eventLogSchemaVersion: number;
  /** The node that it waits at. */
  readonly currentNodeId?: string;
  /** ISO 8601. */
  readonly startedAt?: string;
  /** ISO 8601. */
  readonly completedAt?: string;
  /** State of each node by id; the inner shape belongs to the host. */
  readonly nodeStates?: JsonObject;
  /** Inputs, and what nodes wrote. */
  readonly variables?: JsonObject;
  /** Folded channel state. */
  readonly channels?: JsonObject;
  /** Only on a failed run. */
  readonly error?: RunError;
  /** As submitted. */
  readonly inputs?: JsonObject;
  /** As submitted. */
  readonly tags?: readonly string[];
  /** As submitted. */
  readonly metadata?: JsonObject;
  /** As submitted. */
  readonly configurable?: JsonObject;
  /** The run that this one was forked from. */
  readonly parentRunId?: string;
  /** Anything else a host adds. */
  readonly extensions?: JsonObject;
}

/** The body of `POST /runs/{runId}:fork`. Source: v2 §8.5. */
export interface ForkRequest {
  /** `branch` runs on for real from `fromSeq`; `replay` repeats with the recorded outcomes. */
  readonly mode: "replay" | "branch";
  /** Events before it are fixed history. Required for `branch`, 0 by default for `replay`. */
  readonly fromSeq?: number;
  /** `branch` only: merged over the options of the source. */
  readonly runOptionsOverlay?: RunOptionsOverlay;
}

/** What a fork may change about the options of its source. Source: v2 §8.5, v1 §12. */
export interface RunOptionsOverlay {
  /** Merged key by key. */
  readonly configurable?: RunConfigurable;
  /** Replace those of the source. */
  readonly tags?: readonly string[];
  /** Merged key by key. */
  readonly metadata?: JsonObject;
}

/** The answer to a fork. Source: v2 §6.2 row 13. */
export interface ForkResponse {
  /** The new run. */
  readonly runId: string;
  /** The run that it came from. */
  readonly sourceRunId: string;
  /** As asked. */
  readonly mode: "replay" | "branch";
  /** Where history ends and the new run begins. */
  readonly fromSeq?: number;
  /** Of the new run. */
  readonly status: RunStatus;
  /** Where its events are. */
  readonly eventsUrl: string;
}

/** The answer to a cancel. Source: v2 §8.4, v1 §11. */
export interface CancelResponse {
  /** The run. */
  readonly runId: string;
  /** `cancelling` while work winds down; a host of version 1 gives the status of a run that had already ended. */
  readonly status: RunStatus;
}

/** The one error body of the protocol. Source: v2 §12.1. */
export interface ErrorEnvelope {
  /** Stable code: route on it. */
  readonly error: string;
  /** For people, never empty. */
  readonly message: string;
  /** Whatever belongs to the code. */
  readonly details?: Readonly<Record<string, JsonValue>>;
}
