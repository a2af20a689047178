// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { AgentEventType, EntityType, EventSeverity } from "./enums.ts";

/** Something that happened. It has no message in words. */
export interface AgentEvent {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** What happened. */
  readonly type: AgentEventType;
  /** UUID of who did it. */
  readonly actorId: string;
  /** What it is about. */
  readonly entityType: EntityType;
  /** UUID of that. */
  readonly entityId: string;
  /** What belongs to it. */
  readonly data: JsonObject;
  /** How serious it is. */
  readonly severity: EventSeverity;
  /** Why. */
  readonly reasoning: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Which events to list. */
export interface EventFilter {
  /** Exactly this one. */
  readonly type?: AgentEventType | undefined;
  /** UUID. */
  readonly actorId?: string | undefined;
  /** What they are about. */
  readonly entityType?: EntityType | undefined;
  /** UUID of that. */
  readonly entityId?: string | undefined;
  /** How serious. */
  readonly severity?: EventSeverity | undefined;
  /** From then on, itself included; a text must name its zone. */
  readonly startDate?: string | Date | undefined;
  /** Up to then, itself included; a text must name its zone. */
  readonly endDate?: string | Date | undefined;
}

/** Which page of events to list. */
export interface EventQuery extends EventFilter {
  /** From 1. @default 1 */
  readonly page?: number | undefined;
  /** How many on a page. @default 50 */
  readonly limit?: number | undefined;
}

/** A page of events. */
export interface EventPage {
  /** Newest first. */
  readonly data: readonly AgentEvent[];
  /** What was asked for, and how many there are in all. */
  readonly meta: {
    readonly total: number;
    readonly page: number;
    readonly limit: number;
  };
}
