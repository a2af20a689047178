import type { Clock } from "@tutti/sdk/http";
import type { Json } from "./json_patch.ts";

/** A JSON object that is being made. */
export type Row = { [name: string]: Json };

/** A session and what was said in it. */
export interface Session {
  readonly row: Row;
  readonly events: Event[];
  /** Set while an agent is at work: stops it, and lets its stream hang. */
  stop?: (() => void) | undefined;
}

/** Something that was said; `broken` is one that the server cannot write down. */
export interface Event {
  readonly row: Row;
  readonly broken: boolean;
}

/** A refusal. */
export class Refusal extends Error {
  readonly status: number;
  readonly detail: Json;

  constructor(status: number, detail: Json) {
    super(`${status}`);
    this.status = status;
    this.detail = detail;
  }
}

const known = new Set([
  "acknowledged",
  "processing",
  "typing",
  "error",
  "cancelled",
  "ready",
  "completed",
]);

/** Everything that a server keeps, in memory. */
export class Flux0Store {
  readonly agents = new Map<string, Row>();
  readonly sessions = new Map<string, Session>();
  /** Every session that was ever made: a taken id hides the newer one. */
  readonly made: Session[] = [];
  readonly users = new Map<string, string>();
  readonly clock: Clock;
  #ids = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Ten characters. */
  nextId(): string {
    return `id${String(++this.#ids).padStart(8, "0")}`;
  }

  /** With microseconds. */
  now(): string {
    return new Date(this.clock.now()).toISOString().replace("Z", "456Z");
  }

  userOf(headers: Headers): string {
    const sub = /(?:^|; )flux0_user_sub=([^;]*)/.exec(
      headers.get("cookie") ?? "",
    )?.[1] ?? "anonymous";
    if (!this.users.has(sub)) this.users.set(sub, this.nextId());
    return this.users.get(sub)!;
  }

  /** Adds an event to a history. */
  store(
    session: Session,
    correlation_id: string,
    source: string,
    event: { type: string; data: Json; metadata?: Json },
  ): Row {
    const { type, data, metadata = null } = event;
    const row: Row = {
      id: this.nextId(),
      correlation_id,
      type,
      source,
      offset: session.events.length,
      data,
      deleted: false,
      metadata,
      created_at: this.now(),
    };
    const word = (data as Row).status;
    session.events.push({
      row,
      broken: word !== undefined && !known.has(String(word)),
    });
    return row;
  }

  /** The events that fit, or what the server answers where it cannot write them. */
  list(session: Session, query: URLSearchParams): Row[] | undefined {
    const min = query.get("min_offset");
    if (min !== null && !/^-?\d+$/.test(min)) {
      throw issues(["query", "min_offset"], "int_parsing", min);
    }
    if (query.has("types")) {
      throw issues(["query", "types"], "list_type", query.get("types"));
    }
    const fits = session.events.filter(({ row }) =>
      Number(row.offset) >= Number(min ?? 0) &&
      ["source", "correlation_id"].every((name) =>
        !query.has(name) || query.get(name) === row[name]
      )
    );
    return fits.some(({ broken }) => broken)
      ? undefined
      : fits.map(({ row }) => row);
  }
}

/** A refusal of one field. */
export function issues(
  loc: (string | number)[],
  type: string,
  input: Json = null,
  ctx?: Json,
): Refusal {
  return new Refusal(422, [
    { type, loc, msg: `words about ${type}`, input, ...(ctx && { ctx }) },
  ]);
}

/** Checks the fields of a body; `?` marks those that may be missing. */
export function check(
  body: Json,
  rules: Readonly<Record<string, readonly [least: number, most: number]>>,
): Row {
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw issues(["body"], "model_attributes_type", body);
  }
  const row = body as Row;
  const all: Json[] = [];
  const say = (name: string, type: string, ctx?: Json): void => {
    all.push({
      type,
      loc: ["body", name],
      msg: `words about ${type}`,
      input: row[name] ?? row,
      ...(ctx !== undefined && { ctx }),
    });
  };
  for (const name of Object.keys(row)) {
    if (!(name in rules) && !(`${name}?` in rules)) {
      say(name, "extra_forbidden");
    }
  }
  for (const [rule, [least, most]] of Object.entries(rules)) {
    const name = rule.replace("?", "");
    const value = row[name] ?? null;
    if (value === null) {
      if (name === rule) say(name, "missing");
    } else if (most < 0) continue;
    else if (typeof value !== "string") say(name, "string_type");
    else if (value.length < least) {
      say(name, "string_too_short", { min_length: least });
    } else if (value.length > most) {
      say(name, "string_too_long", { max_length: most });
    }
  }
  if (all.length > 0) throw new Refusal(422, all);
  return row;
}
