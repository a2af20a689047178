type Schema = Readonly<Record<string, unknown>>;

/**
 * Finds where a value breaks a JSON Schema. Knows the keywords that the schema of a workflow definition uses; a reference
 * to another file accepts everything.
 */
export function schemaFaults(
  root: Schema,
  value: unknown,
  schema: Schema = root,
  at = "",
): string[] {
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    if (!ref.startsWith("#/$defs/")) return [];
    const defs = root["$defs"] as Record<string, Schema>;
    return schemaFaults(root, value, defs[ref.slice(8)]!, at);
  }
  const faults: string[] = [];
  const say = (what: string) => faults.push(`${at || "/"}: ${what}`);
  const { type, enum: among, const: only, pattern, oneOf } = schema;
  if (type !== undefined && !isOf(value, String(type))) {
    return [`${at || "/"}: not of type ${type}`];
  }
  if (Array.isArray(among) && !among.includes(value)) say("not in enum");
  if ("const" in schema && only !== value) say("not the constant");
  if (typeof value === "string") {
    if (typeof pattern === "string" && !new RegExp(pattern).test(value)) {
      say(`does not match ${pattern}`);
    }
    if (value.length < Number(schema["minLength"] ?? 0)) say("too short");
    if (value.length > Number(schema["maxLength"] ?? Infinity)) say("too long");
  }
  if (typeof value === "number") {
    if (value < Number(schema["minimum"] ?? -Infinity)) say("too small");
    if (value > Number(schema["maximum"] ?? Infinity)) say("too big");
  }
  if (Array.isArray(oneOf)) {
    const fits = oneOf.filter((each) =>
      schemaFaults(root, value, each as Schema, at).length === 0
    );
    if (fits.length !== 1) say(`fits ${fits.length} of oneOf`);
  }
  if (Array.isArray(value)) {
    if (value.length < Number(schema["minItems"] ?? 0)) say("too few items");
    const items = schema["items"] as Schema | undefined;
    if (items) {
      value.forEach((each, index) =>
        faults.push(...schemaFaults(root, each, items, `${at}/${index}`))
      );
    }
  } else if (typeof value === "object" && value !== null) {
    const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
    for (const key of (schema["required"] ?? []) as string[]) {
      if (!Object.hasOwn(value, key)) say(`"${key}" is missing`);
    }
    for (const [key, member] of Object.entries(value)) {
      const more = schema["additionalProperties"];
      if (Object.hasOwn(properties, key)) {
        faults.push(
          ...schemaFaults(root, member, properties[key]!, `${at}/${key}`),
        );
      } else if (more === false) say(`"${key}" is not known`);
      else if (typeof more === "object") {
        faults.push(
          ...schemaFaults(root, member, more as Schema, `${at}/${key}`),
        );
      }
    }
  }
  return faults;
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case "object":
      return typeof value === "object" && value !== null &&
        !Array.isArray(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default: {
      const found: string = typeof value;
      return found === type;
    }
  }
}
