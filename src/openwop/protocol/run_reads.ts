// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type { ErrorEnvelope, RunError, RunStatus } from "./runs.ts";

/** The body of `POST /runs:bulk-cancel`. Source: v2 §6.3. The object is closed. */
export interface BulkCancelRequest {
  /** 1 to 100. */
  readonly runIds: readonly string[];
  /** For the log of each run. */
  readonly reason?: string | undefined;
}

/** What became of one run of a bulk cancel. */
export type BulkCancelResult =
  | {
    /** The run. */
    readonly runId: string;
    /** It is being cancelled. */
    readonly ok: true;
    /** Where it stands now. */
    readonly status: RunStatus;
  }
  | {
    /** The run. */
    readonly runId: string;
    /** It is not. */
    readonly ok: false;
    /** Why; the code is `error.error`: `run_terminal`, `not_found`, `id_tenant_mismatch`, `run_forbidden`. */
    readonly error: ErrorEnvelope;
  };

/** The answer to a bulk cancel: one entry for each run, in the order of the request. Source: v2 §6.3. */
export interface BulkCancelResponse {
  /** As many as were asked for. */
  readonly results: readonly BulkCancelResult[];
}

/** The body of `POST /runs/{runId}:pause`. Source: v2 §8.4. The object is closed. */
export interface PauseRequest {
  /** For the log. */
  readonly reason?: string | undefined;
  /** `immediate` cuts the node that is at work; it starts anew later. @default "drain-current-node" */
  readonly drainPolicy?: "drain-current-node" | "immediate" | undefined;
}

/** The answer to a pause. The event `run.paused` may come later. */
export interface PauseResponse {
  /** The run. */
  readonly runId: string;
  /** What it is or will be. */
  readonly status: "paused";
  /** ISO 8601. */
  readonly pausedAt?: string;
}

/** The answer to a resume. */
export interface ResumeResponse {
  /** The run. */
  readonly runId: string;
  /** What it is or will be. */
  readonly status: "running";
  /** ISO 8601. */
  readonly resumedAt?: string;
}

/** One entry of the list of runs. Source: v2 §6.2 row 5. */
export interface RunSummary {
  /** `<tenant>/<opaque>`. */
  readonly runId: string;
  /** Which workflow it runs. */
  readonly workflowId: string;
  /** Where it stands. */
  readonly status: RunStatus;
  /** ISO 8601. */
  readonly startedAt?: string;
  /** ISO 8601. */
  readonly completedAt?: string;
  /** Only on a failed run. */
  readonly error?: RunError;
  /** As submitted. */
  readonly tags?: readonly string[];
}

/** How two runs differ. Source: v2 §6.3. */
export interface RunDiff {
  /** The one run. */
  readonly a: string;
  /** The run that it is compared with. */
  readonly b: string;
  /** The first sequence at which they differ, `null` for identical logs. */
  readonly divergedAtSeq: number | null;
  /** In order. */
  readonly eventDiffs: readonly {
    readonly seq: number;
    readonly op: "added" | "removed" | "changed";
    readonly aEvent?: JsonObject;
    readonly bEvent?: JsonObject;
  }[];
  /** How their states differ; the shape belongs to the host. */
  readonly stateDiff: JsonObject;
  /** Whether the host left some out. */
  readonly truncated?: boolean;
}

/** Where a run came from. Source: v2 §6.2 row 15. */
export interface RunAncestry {
  /** The run. */
  readonly runId: string;
  /** The host that it runs on. */
  readonly hostId: string;
  /** What started it; `null` for a run that a caller started. */
  readonly parent: {
    readonly runId: string;
    readonly hostId: string;
    readonly wellKnownUrl?: string;
    readonly cause: string;
  } | null;
}

/** What somebody says about a run. Source: v1 §5.2. The object is closed. */
export interface AnnotationRequest {
  /** The judgement. */
  readonly signal: AnnotationSignal;
  /** What it is about. @default the run */
  readonly target?: {
    readonly eventId?: string;
    readonly nodeId?: string;
  } | undefined;
  /** Words. */
  readonly note?: string | undefined;
}

/** The judgement of an annotation. */
export type AnnotationSignal =
  | { readonly kind: "rating"; readonly rating: 1 | 2 | 3 | 4 | 5 }
  | { readonly kind: "correction"; readonly correction: string }
  | { readonly kind: "label"; readonly label: string }
  | { readonly kind: "flag" };

/** An annotation as it is kept. */
export interface Annotation {
  /** Of the host. */
  readonly annotationId: string;
  /** What it is about. */
  readonly target: {
    readonly runId: string;
    readonly eventId?: string;
    readonly nodeId?: string;
  };
  /** The judgement. */
  readonly signal: AnnotationSignal;
  /** Who judged. */
  readonly actor: { readonly principalRef: string };
  /** Words. */
  readonly note?: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The scorecard of an eval run. Source: v2 §6.2 row 19. */
export interface EvalSummary {
  /** Which suite. */
  readonly suiteId: string;
  /** Which release of it. */
  readonly suiteVersion: string;
  /** 0 to 1. */
  readonly aggregateScore: number;
  /** Whether it is good enough. */
  readonly passed: boolean;
  /** How many there were. */
  readonly taskCount: number;
  /** How many of them are good enough. */
  readonly passedCount: number;
  /** In US dollars. */
  readonly totalCostUsd?: number;
  /** One by one. */
  readonly tasks: readonly {
    readonly taskId: string;
    readonly score: number;
    readonly passed: boolean;
    readonly costUsd?: number;
    readonly latencyMs?: number;
    readonly schemaValid?: boolean;
    readonly safetyFindings?: readonly {
      readonly kind: string;
      readonly severity: "low" | "medium" | "high" | "critical";
    }[];
  }[];
  /** Against the baseline, where there is one. */
  readonly regression?: {
    readonly baselineRunId: string;
    readonly scoreDelta: number;
    readonly diffRef?: string;
  };
}

/** How far the effects of a run have been undone. Source: v2 §6.2 row 20. */
export interface RunCompensation {
  /** The run. */
  readonly runId: string;
  /** Where the undoing stands. */
  readonly status: string;
  /** What is to be undone; the shape belongs to the host. */
  readonly plan: readonly JsonValue[];
  /** What was tried; the shape belongs to the host. */
  readonly attempts: readonly JsonValue[];
}

/** What a run did to the world outside. Source: v2 §6.3. */
export interface RunEffects {
  /** The run. */
  readonly runId: string;
  /** Without a word of what was sent. */
  readonly effects: readonly {
    readonly effectId: string;
    readonly nodeId: string;
    readonly attempt: number;
    readonly invocationId?: string;
    readonly keying: "business-identity" | "activity-recipe";
    readonly providerKey?: string;
    readonly state: "claimed" | "completed" | "released" | "escaped";
    readonly at: string;
  }[];
}

/** Everything that helps to find out what went wrong in a run; version 1 only. Source: v1 §5.2. */
export interface DebugBundle {
  /** Two numbers with a point, or one. */
  readonly bundleVersion: string;
  /** ISO 8601. */
  readonly generatedAt: string;
  /** Who made it. */
  readonly host: JsonObject;
  /** The run as it stood. */
  readonly run: JsonObject;
  /** As the host keeps them. */
  readonly events: readonly JsonObject[];
  /** Trace spans. */
  readonly spans?: readonly JsonObject[];
  /** Numbers. */
  readonly metrics?: JsonObject;
  /** Whether values were hidden. */
  readonly redactionApplied: boolean;
  /** How. */
  readonly redactionMode: "mask" | "omit" | "hash" | "passthrough";
  /** Whether something was left out. */
  readonly truncated?: boolean;
  /** Why. */
  readonly truncatedReason?: string;
}
