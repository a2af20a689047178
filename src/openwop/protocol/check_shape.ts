// Web standards only.
import { isJsonObject, pointerPart } from "../../http/mod.ts";
import type { DefinitionIssue } from "./errors.ts";
import {
  anyText,
  anything,
  be,
  boolean,
  each,
  having,
  list,
  object,
  oneOf,
  type Rule,
  someText,
  text,
  wrong,
} from "./shape.ts";
import {
  label,
  nodeFields,
  variableFields,
  workflowFields,
} from "./shape_fields.ts";

const number = be(Number.isFinite, "a number");

function mapOf(item: Rule): Rule {
  return (value, pointer) =>
    isJsonObject(value) ? each(item, value, pointer) : object(value, pointer);
}

/** An object with these keys and no others. */
function closed(fields: Readonly<Record<string, Rule>>): Rule {
  const known = new Set(
    Object.keys(fields).map((name) => name.replace("?", "")),
  );
  const rule = having(fields);
  return (value, pointer) => [
    ...Object.keys(isJsonObject(value) ? value : {}).flatMap((key) =>
      known.has(key) ? [] : wrong(
        pointer + pointerPart(key),
        `the key "${key}" is not known here`,
      )
    ),
    ...rule(value, pointer),
  ];
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
  id: text(
    /^[A-Za-z0-9._~:-]{1,128}$/,
    "a node id: 1 to 128 of A-Z a-z 0-9 . _ ~ : -",
  ),
  ...nodeFields,
  name: label,
  position: closed({ x: number, y: number }),
  inputs: mapOf(portValue),
  "credentialsRef?": anyText,
  "settings?": object,
  "outputRole?": oneOf("primary secondary"),
  "disabled?": boolean,
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
  ...workflowFields,
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
    ...variableFields,
    "description?": anyText,
    "sensitive?": boolean,
    "required?": boolean,
    "defaultValue?": anything,
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
