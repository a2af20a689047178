// What the server checks in bodies and queries, and how it says so.

/** One item of a 422, as the server's validator writes it: with the value that was sent. */
export interface Issue {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
}

export type Body = Record<string, unknown>;

/** Collects what is wrong with a body or a query. */
export class Rules {
  readonly issues: Issue[] = [];

  #add(type: string, path: string, msg: string, input: unknown): void {
    this.issues.push({ type, loc: path.split("."), msg, input });
  }

  /** A text; `null` only where `optional` is "null". */
  text(
    body: Body,
    path: string,
    least: number,
    most: number,
    optional: "" | "default" | "null" = "",
  ): void {
    const value = at(body, path);
    if (value === undefined && optional) return;
    if (value === null && optional === "null") return;
    if (value === undefined) {
      return this.#add("missing", path, "Field required", body);
    }
    if (typeof value !== "string") {
      return this.#add(
        "string_type",
        path,
        "Input should be a valid string",
        value,
      );
    }
    if (value.length < least) {
      this.#add(
        "string_too_short",
        path,
        `String should have at least ${least} character`,
        value,
      );
    }
    if (value.length > most) {
      this.#add(
        "string_too_long",
        path,
        `String should have at most ${most} characters`,
        value,
      );
    }
  }

  /** A number with a default: it may be missing, and may not be `null`. */
  number(
    body: Body,
    path: string,
    least: number,
    most: number,
    whole = true,
  ): void {
    const value = at(body, path);
    if (value === undefined) return;
    if (
      typeof value !== "number" || Number.isNaN(value) ||
      (whole && !Number.isInteger(value))
    ) {
      return this.#add(
        whole ? "int_type" : "float_type",
        path,
        `Input should be a valid ${whole ? "integer" : "number"}`,
        value,
      );
    }
    if (value < least) {
      this.#add(
        "greater_than_equal",
        path,
        `Input should be greater than or equal to ${least}`,
        value,
      );
    }
    if (value > most) {
      this.#add(
        "less_than_equal",
        path,
        `Input should be less than or equal to ${most}`,
        value,
      );
    }
  }

  /** An object; `null` only where `optional` is "null". */
  object(
    body: Body,
    path: string,
    optional: "" | "default" | "null" = "",
  ): boolean {
    const value = at(body, path);
    if (value === undefined && optional) return false;
    if (value === null && optional === "null") return false;
    if (value === undefined) {
      this.#add("missing", path, "Field required", body);
    } else if (!isObject(value)) {
      this.#add(
        "dict_type",
        path,
        "Input should be a valid dictionary",
        value,
      );
    } else return true;
    return false;
  }

  /** One of these texts, or missing. */
  oneOf(body: Body, path: string, values: readonly string[]): void {
    const value = at(body, path);
    if (value === undefined || values.includes(value as string)) return;
    this.#add(
      "enum",
      path,
      `Input should be ${values.map((one) => `'${one}'`).join(", ")}`,
      value,
    );
  }

  /** Whatever the others do not cover. */
  that(holds: boolean, path: string, msg: string, input: unknown): void {
    if (!holds) this.#add("value_error", path, msg, input);
  }
}

/** The value at `body.agent_config.model`; the first part is the body itself. */
function at(body: Body, path: string): unknown {
  let value: unknown = body;
  for (const name of path.split(".").slice(1)) {
    value = isObject(value) && Object.hasOwn(value, name)
      ? value[name]
      : undefined;
  }
  return value;
}

export function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const defaults = {
  settings: {
    max_sandboxes: 10,
    auto_cleanup: true,
    retention_days: 30,
    collaboration_policy: {},
  },
  agent: {
    primary_agent: "",
    model: "gpt-4",
    sub_agents: [],
    max_tokens: 4096,
    temperature: 0.7,
  },
  limits: {
    max_memory_mb: 1024,
    max_cpu_cores: 1,
    max_disk_gb: 10,
    timeout_seconds: 300,
  },
};

/** What the server keeps of a body: the members that it knows. */
export function keep(known: Body, given: unknown): Body {
  const from = isObject(given) ? given : {};
  return Object.fromEntries(
    Object.entries(known).map((
      [name, preset],
    ) => [name, Object.hasOwn(from, name) ? from[name] : preset]),
  );
}
