// Web standards only.
import type { CallOptions, JsonObject } from "../http/mod.ts";

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
