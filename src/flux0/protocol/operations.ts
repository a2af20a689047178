// Web standards only.
import { fillPath } from "../../http/mod.ts";

/**
 * Every operation of the servers, which the client goes by: method and path. What reads is repeated where it fails; what
 * posts is sent once, because the servers know no idempotency keys and an agent could run twice.
 */
export const OPERATIONS = {
  "agents.list": "GET /api/agents",
  "agents.create": "POST /api/agents",
  "agents.get": "GET /api/agents/{agentId}",
  "sessions.list": "GET /api/sessions",
  "sessions.create": "POST /api/sessions",
  "sessions.get": "GET /api/sessions/{sessionId}",
  "sessions.stream": "POST /api/sessions/{sessionId}/events/stream",
  "sessions.listEvents": "GET /api/sessions/{sessionId}/events",
  "discovery.get": "GET /openapi.json",
} as const;

/** A name of {@linkcode OPERATIONS}: resource and method of the client. */
export type OperationName = keyof typeof OPERATIONS;

/** What an operation is called elsewhere. */
export interface OtherNames {
  /** The method of the vendor's Python SDK. */
  readonly sdk?: string;
  /** The operation in the description that the servers publish. */
  readonly id?: string;
  /** The method of this client that does more with it. */
  readonly above?: string;
}

/** What the operations are called elsewhere, for those who know them by those names. The client does without. */
export const OTHER_NAMES: Readonly<Record<OperationName, OtherNames>> = {
  "agents.list": { sdk: "agents.list", id: "list_agents" },
  "agents.create": { sdk: "agents.create", id: "create_agent" },
  "agents.get": { sdk: "agents.retrieve", id: "retrieve_agent" },
  "sessions.list": { sdk: "sessions.list", id: "list_sessions" },
  "sessions.create": { sdk: "sessions.create", id: "create_session" },
  "sessions.get": { sdk: "sessions.retrieve", id: "retrieve_session" },
  "sessions.stream": {
    sdk: "sessions.create_event",
    id: "create_session_event",
    above: "sessions.send",
  },
  "sessions.listEvents": {
    sdk: "sessions.list_events",
    id: "list_session_events",
    above: "sessions.follow",
  },
  "discovery.get": {},
};

/** An operation, with its ids in place. */
export interface OperationAt {
  /** Upper case. */
  readonly method: string;
  /** Encoded. */
  readonly path: string;
  /** Both, for messages. */
  readonly action: string;
  /** Whether it may be repeated. */
  readonly contract: "safe" | "never";
}

/**
 * Spells an operation out.
 *
 * @param name Which one.
 * @param ids What goes into the places of its path.
 * @throws {InvalidArgumentError} `invalid-argument`, for what cannot be an id.
 */
export function operationAt(
  name: OperationName,
  ...ids: readonly string[]
): OperationAt {
  const [method = "", template = ""] = OPERATIONS[name].split(" ");
  const at = fillPath(template, ids);
  return {
    method,
    path: at,
    action: `${method} ${at}`,
    contract: method === "GET" ? "safe" : "never",
  };
}
