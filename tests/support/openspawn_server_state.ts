import { Buffer } from "node:buffer";
import { randomBytes, randomUUID } from "node:crypto";

// deno-lint-ignore no-explicit-any
export type Any = any;

/** Who is asking. A key and a user are a pseudo agent that is in no table. */
export interface Actor {
  readonly kind: "agent" | "apiKey" | "user" | "nobody";
  readonly id: string;
  readonly agent?: Any;
}

export interface Ask {
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed; `undefined` where none came, and `{}` where it could not be parsed. */
  readonly body: Any;
}

export type Handler = (ask: Ask, state: State) => unknown;
export type Route = readonly [string, string, Handler];

/** An answer that a handler throws. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: string | string[];
  constructor(status: number, error: string | string[]) {
    super(String(error));
    this.status = status;
    this.error = error;
  }
}

export function refuse(status: number, error: string | string[]): never {
  throw new Refusal(status, error);
}

/** What is not handled: a database error, a missing member. */
export function boom(): never {
  throw new Error("unhandled");
}

const uuidPattern = /^[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}$/i;

export function isUuid(value: unknown): boolean {
  return typeof value === "string" && uuidPattern.test(value);
}

/** A value on its way into a column of type UUID. */
export function uuid(value: unknown): string {
  return isUuid(value) ? value as string : boom();
}

/** A value on its way into a text column. */
export function text(value: unknown, most = Infinity): string {
  return typeof value === "string" && value.length <= most &&
      !value.includes("\0")
    ? value
    : boom();
}

type Check = "string" | "uuid" | "int" | "bool" | "date" | "object" | "any";

/** The validation pipe: unknown members and wrong types are a list of complaints. `*` marks what must be there. */
export function validate(
  body: Any,
  shape: Readonly<Record<string, string>>,
): Any {
  const given = body ?? {};
  const complaints: string[] = [];
  for (const name of Object.keys(given)) {
    if (!(name in shape)) complaints.push(`property ${name} should not exist`);
  }
  for (const [name, rule] of Object.entries(shape)) {
    const [kind, limit] = rule.replace("*", "").split(":") as [Check, string?];
    const value = given[name];
    if (value === undefined || value === null) {
      if (rule.endsWith("*")) complaints.push(`${name} should not be empty`);
      continue;
    }
    const words: Record<Check, [boolean, string]> = {
      string: [typeof value === "string", "a string"],
      uuid: [isUuid(value), "a UUID"],
      int: [Number.isInteger(value), "an integer number"],
      bool: [typeof value === "boolean", "a boolean value"],
      date: [
        typeof value === "string" && !Number.isNaN(Date.parse(value)),
        "a valid ISO 8601 date string",
      ],
      object: [typeof value === "object", "an object"],
      any: [true, ""],
    };
    const [fits, wanted] = words[kind];
    if (!fits) complaints.push(`${name} must be ${wanted}`);
    else if (limit?.startsWith("(")) {
      const words = limit.slice(1, -1).split("|");
      if (!words.includes(value)) {
        complaints.push(
          `${name} must be one of the following values: ${words.join(", ")}`,
        );
      }
    } else if (limit !== undefined) {
      const [least, most] = kind === "int"
        ? limit.split("..").map(Number) as [number, number]
        : [0, Number(limit)];
      const size = kind === "int" ? value : value.length;
      if (size < least!) {
        complaints.push(`${name} must not be less than ${least}`);
      }
      if (size > most!) {
        complaints.push(`${name} must not be greater than ${most}`);
      }
    }
  }
  if (complaints.length > 0) refuse(400, complaints);
  return given;
}

export const capacities: readonly number[] = [
  0,
  0,
  0,
  2,
  3,
  5,
  8,
  12,
  20,
  50,
  100,
];

/** Everything that the server knows. */
export class State {
  readonly orgId: string = randomUUID();
  readonly userId: string = randomUUID();
  readonly agents: Any[] = [];
  readonly secrets = new Map<string, string>();
  readonly tasks: Any[] = [];
  readonly comments: Any[] = [];
  readonly dependencies: Any[] = [];
  readonly escalations: Any[] = [];
  readonly templates = new Map<string, Any>();
  readonly consensus: Any[] = [];
  readonly votes: Any[] = [];
  readonly ledger: Any[] = [];
  readonly channels: Any[] = [];
  readonly messages: Any[] = [];
  readonly reputation: Any[] = [];
  readonly events: Any[] = [];
  readonly webhooks: Any[] = [];
  readonly apiKeys: Any[] = [];
  /** Pre-hooks that say no, by hook point. */
  readonly blocking = new Map<string, string>();
  taskNumber = 1;
  /** Whether the counter of tasks is repaired; the released server answers 500 to every new task. */
  repaired = true;
  now: () => number = Date.now;
  #tick = 0;

  /** Times of rows differ, so that their order is certain. */
  date(): string {
    return new Date(this.now() + this.#tick++).toISOString();
  }

  row(more: Any): Any {
    const createdAt = this.date();
    return { id: randomUUID(), orgId: this.orgId, ...more, createdAt };
  }

  addAgent(more: Any): Any {
    const secret = randomBytes(32).toString("hex");
    const agent = {
      ...this.row({}),
      agentId: "",
      name: "",
      role: "worker",
      mode: "worker",
      level: 1,
      model: "sonnet",
      status: "active",
      parentId: null,
      currentBalance: 0,
      managementFeePct: 0,
      budgetPeriodLimit: null,
      budgetPeriodSpent: 0,
      budgetPeriodStart: null,
      maxChildren: 0,
      trustScore: 50,
      tasksCompleted: 0,
      tasksSuccessful: 0,
      lifetimeEarnings: 0,
      lastActivityAt: null,
      lastPromotionAt: null,
      domain: null,
      deletedAt: null,
      metadata: {},
      capabilities: [],
      updatedAt: this.date(),
      hmacSecretEnc: { type: "Buffer", data: [...Buffer.from(secret)] },
      ...more,
    };
    this.agents.push(agent);
    this.secrets.set(agent.id, secret);
    return agent;
  }

  /** The row as the object mapper gives it: everything, the encrypted secret included. */
  entity(agent: Any): Any {
    const { capabilities: _, ...rest } = agent;
    return rest;
  }

  agent(id: string, message = "Agent not found"): Any {
    const found = this.agents.find((agent) =>
      agent.id === uuid(id) && !agent.deletedAt
    );
    return found ?? refuse(404, message);
  }

  task(id: string): Any {
    const found = this.tasks.find((task) => task.id === uuid(id));
    return found ?? refuse(404, "Task not found");
  }

  emit(actor: Actor, type: string, entityId: string, data: Any = {}): void {
    const [entityType] = type.split(".");
    // The actor is a foreign key of the events: whoever is no agent cannot be written down.
    if (actor.kind !== "agent") boom();
    this.events.unshift({
      ...this.row({ type, actorId: actor.id }),
      entityType: entityType === "credits" ? "agent" : entityType,
      entityId,
      data,
      severity: "info",
      reasoning: null,
    });
  }
}

/** A limit of the listing routes that count by it; what is no number falls back. */
export function limitOf(query: URLSearchParams, preset = 50): number {
  const limit = Number(query.get("limit") ?? preset) || preset;
  return limit < 0 ? boom() : limit;
}

export const byAge = (a: Any, b: Any): number =>
  a.createdAt < b.createdAt ? 1 : -1;
