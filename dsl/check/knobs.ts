// Web standards only.
import {
  CONFIGURABLE_SECTIONS,
  type DefinitionIssue,
  definitionIssue,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../src/openwop/protocol/mod.ts";

/** What the options of a run have beside the sections with known keys. Source: v2 §8.2. */
const open = ["version", "budget", "extensions"];

const fieldsIn = (schema: JsonValue | undefined): string[] => {
  const fields = isJsonObject(schema) ? schema["properties"] : undefined;
  return isJsonObject(fields) ? Object.keys(fields) : [];
};

/** Knobs that nobody can turn, since the options of a run have no place for them. They do no harm but mislead. */
export function checkKnobs(schema: JsonObject): DefinitionIssue[] {
  return fieldsIn(schema).flatMap((name) => {
    if (open.includes(name)) return [];
    const at = `/configurableSchema/properties/${name}`;
    const known = Object.hasOwn(CONFIGURABLE_SECTIONS, name)
      ? CONFIGURABLE_SECTIONS[name]!
      : undefined;
    if (!known) return unturnable(name, name, at);
    const fields = schema["properties"] as Record<string, JsonValue>;
    return fieldsIn(fields[name]).flatMap((key) =>
      known.includes(key)
        ? []
        : unturnable(`${name}.${key}`, key, `${at}/properties/${key}`)
    );
  });
}

function unturnable(knob: string, key: string, at: string): DefinitionIssue {
  const section = Object.keys(CONFIGURABLE_SECTIONS)
    .find((name) => CONFIGURABLE_SECTIONS[name]!.includes(key));
  return {
    ...definitionIssue(
      "knob-unturnable",
      `the knob "${knob}" can never be turned: the options of a run have no place for it`,
      at,
      section
        ? `declare and read it as "${section}.${key}"`
        : `declare and read it as "extensions.<your name>.${key}"`,
      "configurable",
    ),
    severity: "warning",
  };
}
