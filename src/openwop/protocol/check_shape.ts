// Web standards only.
import { pointerPart } from "../../http/mod.ts";
import type { DefinitionIssue } from "./errors.ts";

/** Says what is wrong with `value`, which stands at `pointer`. */
type Rule = (value: unknown, pointer: string) => DefinitionIssue[];

/** A field of a closed object; optional fields are wrapped by {@linkcode optional}. */
interface Field {
  readonly rule: Rule;
  readonly required: boolean;
}

const required = (rule: Rule): Field => ({ rule, required: true });
const optional = (rule: Rule): Field => ({ rule, required: false });

const anything: Rule = () => [];

function wrong(pointer: string, message: string): DefinitionIssue[] {
  return [{ code: "wrong-shape", message, pointer }];
}

function show(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "string") {
    return Array.isArray(value) ? "a list" : typeof value;
  }
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
}

function text(pattern: RegExp, wanted: string): Rule {
  return (value, pointer) =>
    typeof value === "string" && pattern.test(value)
      ? []
      : wrong(pointer, `${show(value)} is not ${wanted}`);
}

function oneOf(...values: readonly string[]): Rule {
  return (value, pointer) =>
    typeof value === "string" && values.includes(value)
      ? []
      : wrong(pointer, `${show(value)} is not one of ${values.join(", ")}`);
}

const boolean: Rule = (value, pointer) =>
  value === true || value === false
    ? []
    : wrong(pointer, `${show(value)} is not a boolean`);

const number: Rule = (value, pointer) =>
  Number.isFinite(value)
    ? []
    : wrong(pointer, `${show(value)} is not a number`);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const object: Rule = (value, pointer) =>
  isObject(value) ? [] : wrong(pointer, `${show(value)} is not an object`);

function list(item: Rule, least = 0): Rule {
  return (value, pointer) => {
    if (!Array.isArray(value)) {
      return wrong(pointer, `${show(value)} is not a list`);
    }
    if (value.length < least) {
      return wrong(
        pointer,
        `it has ${value.length} entries: at least ${least} are needed`,
      );
    }
    // Spread, so that a hole in a list made by code counts as an entry.
    return [...value].flatMap((entry, index) =>
      item(entry, `${pointer}/${index}`)
    );
  };
}

function mapOf(item: Rule): Rule {
  return (value, pointer) =>
    isObject(value)
      ? Object.entries(value).flatMap(([key, entry]) =>
        item(entry, pointer + pointerPart(key))
      )
      : wrong(pointer, `${show(value)} is not an object`);
}

function closed(fields: Readonly<Record<string, Field>>): Rule {
  return (value, pointer) => {
    if (!isObject(value)) {
      return wrong(pointer, `${show(value)} is not an object`);
    }
    const issues: DefinitionIssue[] = [];
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(fields, key)) {
        issues.push(
          ...wrong(
            pointer + pointerPart(key),
            `the key "${key}" is not known here`,
          ),
        );
      }
    }
    for (const [key, field] of Object.entries(fields)) {
      const at = `${pointer}/${key}`;
      if (Object.hasOwn(value, key)) issues.push(...field.rule(value[key], at));
      else if (field.required) issues.push(...wrong(at, `"${key}" is missing`));
    }
    return issues;
  };
}

/** Chooses the rule by the `type` of the value. */
function byType(rules: Readonly<Record<string, Rule>>): Rule {
  return (value, pointer) => {
    const type = isObject(value) ? value["type"] : undefined;
    return typeof type === "string" && Object.hasOwn(rules, type)
      ? rules[type]!(value, pointer)
      : oneOf(...Object.keys(rules))(type, `${pointer}/type`);
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
  static: closed({ type: required(anything), value: required(anything) }),
  variable: closed({
    type: required(anything),
    variableName: required(someText),
    optional: optional(boolean),
  }),
  connection: closed({
    type: required(anything),
    nodeId: required(someText),
    outputKey: required(someText),
    optional: optional(boolean),
  }),
  expression: closed({
    type: required(anything),
    expression: required(someText),
  }),
});

const node = closed({
  id: required(nodeId),
  typeId: required(text(
    /^(?=.{1,256}$)[a-z][a-z0-9_-]*(\.[a-z][a-zA-Z0-9_-]*)+$/,
    'a type id: lower-case, at least two parts with a dot between, as in "local.review"',
  )),
  name: required(label),
  position: required(
    closed({ x: required(number), y: required(number) }),
  ),
  config: required(object),
  inputs: required(mapOf(portValue)),
  credentialsRef: optional(anyText),
  settings: optional(object),
  outputRole: optional(oneOf("primary", "secondary")),
  disabled: optional(boolean),
  notes: optional(anyText),
  groupId: optional(anyText),
  agent: optional(object),
  envelopeContract: optional(object),
  artifactType: optional(anyText),
  cardType: optional(anyText),
  outputSensitivity: optional(mapOf(boolean)),
  compensation: optional(object),
  irreversibleEffect: optional(anything),
});

const edge = closed({
  id: required(someText),
  sourceNodeId: required(someText),
  targetNodeId: required(someText),
  sourceOutput: optional(anyText),
  targetInput: optional(anyText),
  condition: optional(closed({
    type: optional(
      oneOf(
        "expression",
        "equals",
        "notEquals",
        "contains",
        "regex",
        "truthy",
        "falsy",
      ),
    ),
    left: optional(anyText),
    right: optional(anything),
    expression: optional(anyText),
  })),
  label: optional(anyText),
  triggerRule: optional(
    oneOf(
      "all_success",
      "any_success",
      "all_complete",
      "none_failed",
      "any_failed",
    ),
  ),
});

const definition = closed({
  id: required(text(
    /^[a-z][a-z0-9_-]{0,127}$/,
    "a workflow id: a lower-case letter, then up to 127 of a-z 0-9 _ -",
  )),
  name: required(label),
  version: required(text(
    // "Semver-like": hosts write "1.0" too.
    /^\d+(\.\d+){1,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
    'a version, as in "1.2.0"',
  )),
  description: optional(anyText),
  type: optional(anyText),
  isActive: optional(boolean),
  status: optional(oneOf("active", "inactive", "draft", "archived")),
  tenantId: optional(anyText),
  scopeId: optional(anyText),
  slug: optional(anyText),
  groups: optional(list(object)),
  channels: optional(mapOf(object)),
  configurableSchema: optional(object),
  defaults: optional(object),
  acceptsInheritedArtifacts: optional(list(object)),
  createdAt: optional(anyText),
  updatedAt: optional(anyText),
  nodes: required(list(node, 1)),
  edges: required(list(edge)),
  triggers: required(list(closed({
    id: required(someText),
    type: required(oneOf(
      "manual",
      "schedule",
      "webhook",
      "event",
      "artifact",
      "canvas",
      "envelope",
      "command",
      "chat-message",
      "channel-write",
    )),
    name: optional(anyText),
    description: optional(anyText),
    config: optional(object),
    enabled: optional(boolean),
    nodeId: optional(anyText),
    eventType: optional(anyText),
  }))),
  variables: required(list(closed({
    name: required(someText),
    type: required(oneOf("string", "number", "boolean", "object", "array")),
    description: optional(anyText),
    required: optional(boolean),
    defaultValue: optional(anything),
    sensitive: optional(boolean),
    format: optional(anyText),
  }))),
  metadata: required(object),
  settings: required(object),
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
