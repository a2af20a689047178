// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type {
  AgentEventType,
  EntityType,
  EventSeverity,
  TaskStatus,
} from "./enums.ts";

/** What every delivery has. */
export interface DeliveryBase {
  /** UUID of this delivery, not signed; the server delivers once. `undefined` where the header is missing. */
  readonly deliveryId: string | undefined;
  /** When it was sent, ISO 8601. */
  readonly timestamp: string;
}

/** Something has happened. */
export interface EventDelivery extends DeliveryBase {
  /** Tells deliveries apart. */
  readonly kind: "event";
  /** What happened. */
  readonly event: AgentEventType;
  /** The event, without its type. */
  readonly data: {
    readonly id: string;
    readonly actorId: string;
    readonly entityType: EntityType;
    readonly entityId: string;
    readonly severity: EventSeverity;
    readonly data: JsonObject;
    readonly createdAt: string;
  };
}

/**
 * Something is about to happen, and the server asks. Answer with {@linkcode answerHook} in time; no answer, and any
 * other one, lets it happen.
 */
export interface HookDelivery extends DeliveryBase {
  /** Tells deliveries apart. */
  readonly kind: "hook";
  /** `task.transition` for every change of a status, `task.complete` for the one to `done`. */
  readonly event: "task.transition" | "task.complete";
  /** The task and where it is to go. */
  readonly data: {
    readonly taskId: string;
    readonly taskIdentifier: string;
    readonly taskTitle: string;
    readonly fromStatus: TaskStatus;
    readonly toStatus: TaskStatus;
    readonly actorId: string;
    readonly assigneeId: string | null;
    readonly reason?: string;
    readonly hookType: "pre";
    readonly requiresResponse: true;
    /** For `task.complete`. */
    readonly task?: JsonObject;
  };
}

/** A user tries the subscription out. */
export interface TestDelivery extends DeliveryBase {
  /** Tells deliveries apart. */
  readonly kind: "test";
  /** The same. */
  readonly event: "test";
  /** Anything. */
  readonly data: JsonValue;
}

/** What the server delivers. */
export type Delivery = EventDelivery | HookDelivery | TestDelivery;

/** How the headers of a delivery begin: from later servers, and from those before. */
export const DELIVERY_FAMILIES = ["x-bikinibottom-", "x-openspawn-"] as const;
