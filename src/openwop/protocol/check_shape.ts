// Web standards only.
import { isJsonObject, pointerPart } from "../../http/mod.ts";
import { type DefinitionIssue, definitionIssue } from "./errors.ts";

/** Says what is wrong with `value`, which stands at `pointer`. */
type Rule = (value: unknown, pointer: string) => DefinitionIssue[];

function wrong(pointer: string, message: string): DefinitionIssue[] {
  return [definitionIssue("wrong-shape", message, pointer)];
}

function show(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "string") {
    return Array.isArray(value) ? "a list" : typeof value;
  }
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
}

/** A rule for one value: what it must be, and the words for that. */
function be(holds: (value: unknown) => boolean, wanted: string): Rule {
  return (value, pointer) =>
    holds(value) ? [] : wrong(pointer, `${show(value)} is not ${wanted}`);
}

function text(pattern: RegExp, wanted: string): Rule {
  return be(
    (value) => typeof value === "string" && pattern.test(value),
    wanted,
  );
}

/** One of several words, which are written with a space between. */
function oneOf(words: string): Rule {
  const known: readonly unknown[] = words.split(" ");
  return be((value) => known.includes(value), `one of ${known.join(", ")}`);
}

const anything: Rule = () => [];
const boolean = be((value) => typeof value === "boolean", "a boolean");
const number = be(Number.isFinite, "a number");
const object = be(isJsonObject, "an object");

function list(item: Rule, least = 0): Rule {
  return (value, pointer) =>
    !Array.isArray(value)
      ? wrong(pointer, `${show(value)} is not a list`)
      : value.length < least
      ? wrong(
        pointer,
        `it has ${value.length} entries: at least ${least} are needed`,
      )
      // Spread, so that a hole in a list made by code counts as an entry.
      : each(item, [...value], pointer);
}

function mapOf(item: Rule): Rule {
  return (value, pointer) =>
    isJsonObject(value) ? each(item, value, pointer) : object(value, pointer);
}

function each(item: Rule, entries: object, pointer: string): DefinitionIssue[] {
  return Object.entries(entries).flatMap(([key, entry]) =>
    item(entry, pointer + pointerPart(key))
  );
}

/** An object with these keys and no others; a question mark behind a key says that it may be missing. */
function closed(fields: Readonly<Record<string, Rule>>): Rule {
  const known = new Map(
    Object.entries(fields).map(([name, rule]) => {
      const key = name.replace("?", "");
      return [key, { rule, required: key === name }];
    }),
  );
  return (value, pointer) => {
    if (!isJsonObject(value)) return object(value, pointer);
    const issues = Object.keys(value).flatMap((key) =>
      known.has(key) ? [] : wrong(
        pointer + pointerPart(key),
        `the key "${key}" is not known here`,
      )
    );
    for (const [key, { rule, required }] of known) {
      const at = `${pointer}/${key}`;
      if (Object.hasOwn(value, key)) issues.push(...rule(value[key], at));
      else if (required) issues.push(...wrong(at, `"${key}" is missing`));
    }
    return issues;
  };
}

/** Chooses the rule by the `type` of the value. */
function byType(rules: Readonly<Record<string, Rule>>): Rule {
  const types = oneOf(Object.keys(rules).join(" "));
  return (value, pointer) => {
    const type = isJsonObject(value) ? value["type"] : undefined;
    return typeof type === "string" && Object.hasOwn(rules, type)
      ? rules[type]!(value, pointer)
      : types(type, `${pointer}/type`);
  };
}

const anyText = text(/^/, "a string");
const someText = text(/^[\s\S]/, "a string of at least one character");
const label = text(/^[\s\S]{1,256}$/, "a name of 1 to 256 characters");
const nodeId = text(
  /^[A-Za-z0-9._~:-]{1,128}$/,
  "a node id: 1 to 128 of A-Z a-z 0-9 . _ ~ : -",
);

const portValue = byType({
  static: closed({ type: anything, value: anything }),
  variable: closed({
    type: anything,
    variableName: someText,
    "optional?": boolean,
  }),
  connection: closed({
    type: anything,
    nodeId: someText,
    outputKey: someText,
    "optional?": boolean,
  }),
  expression: closed({
    type: anything,
    expression: someText,
  }),
});

const node = closed({
  id: nodeId,
  typeId: text(
    /^(?=.{1,256}$)[a-z][a-z0-9_-]*(\.[a-z][a-zA-Z0-9_-]*)+$/,
    'a type id: lower-case, at least two parts with a dot between, as in "local.review"',
  ),
  name: label,
  position: closed({ x: number, y: number }),
  config: object,
  inputs: mapOf(portValue),
  "credentialsRef?": anyText,
  "settings?": object,
  "outputRole?": oneOf("primary secondary"),
  "disabled?": boolean,
  "notes?": anyText,
  "groupId?": anyText,
  "agent?": object,
  "envelopeContract?": object,
  "artifactType?": anyText,
  "cardType?": anyText,
  "outputSensitivity?": mapOf(boolean),
  "compensation?": object,
  "irreversibleEffect?": anything,
});

const edge = closed({
  id: someText,
  sourceNodeId: someText,
  targetNodeId: someText,
  "sourceOutput?": anyText,
  "targetInput?": anyText,
  "condition?": closed({
    "type?": oneOf("expression equals notEquals contains regex truthy falsy"),
    "left?": anyText,
    "right?": anything,
    "expression?": anyText,
  }),
  "label?": anyText,
  "triggerRule?": oneOf(
    "all_success any_success all_complete none_failed any_failed",
  ),
});

const definition = closed({
  id: text(
    /^[a-z][a-z0-9_-]{0,127}$/,
    "a workflow id: a lower-case letter, then up to 127 of a-z 0-9 _ -",
  ),
  name: label,
  version: text(
    // "Semver-like": hosts write "1.0" too.
    /^\d+(\.\d+){1,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
    'a version, as in "1.2.0"',
  ),
  "description?": anyText,
  "type?": anyText,
  "isActive?": boolean,
  "status?": oneOf("active inactive draft archived"),
  "tenantId?": anyText,
  "scopeId?": anyText,
  "slug?": anyText,
  "groups?": list(object),
  "channels?": mapOf(object),
  "configurableSchema?": object,
  "defaults?": object,
  "acceptsInheritedArtifacts?": list(object),
  "createdAt?": anyText,
  "updatedAt?": anyText,
  nodes: list(node, 1),
  edges: list(edge),
  triggers: list(closed({
    id: someText,
    type: oneOf(
      "manual schedule webhook event artifact canvas envelope command chat-message channel-write",
    ),
    "name?": anyText,
    "description?": anyText,
    "config?": object,
    "enabled?": boolean,
    "nodeId?": anyText,
    "eventType?": anyText,
  })),
  variables: list(closed({
    name: someText,
    type: oneOf("string number boolean object array"),
    "description?": anyText,
    "required?": boolean,
    "defaultValue?": anything,
    "sensitive?": boolean,
    "format?": anyText,
  })),
  metadata: object,
  settings: object,
});

/**
 * What is wrong with the shape of a value that claims to be a workflow definition: missing and unknown keys, wrong
 * types, ids outside their grammar.
 *
 * Source: v1 §17.1 to §17.7 with the changes of v2 §13.
 */
export function checkShape(value: unknown): DefinitionIssue[] {
  return definition(value, "");
}
