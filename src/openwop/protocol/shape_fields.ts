// Web standards only.
import {
  anyText,
  having,
  list,
  object,
  oneOf,
  type Rule,
  someText,
  text,
} from "./shape.ts";

/** Rules by key. */
type Fields = Readonly<Record<string, Rule>>;

/** What the name of a workflow or a node must be. */
export const label: Rule = text(
  /^[\s\S]{1,256}$/,
  "a name of 1 to 256 characters",
);

/** What an author says of a workflow. */
export const workflowFields: Fields = {
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
};

/** What an author says of a node. */
export const nodeFields: Fields = {
  typeId: text(
    /^(?=.{1,256}$)[a-z][a-z0-9_-]*(\.[a-z][a-zA-Z0-9_-]*)+$/,
    'a type id: lower-case, at least two parts with a dot between, as in "local.review"',
  ),
  config: object,
  "notes?": anyText,
};

/** What an author says of a run variable. */
export const variableFields: Fields = {
  name: someText,
  type: oneOf("string number boolean object array"),
};

/** What of a definition its author says. */
export const authored: Rule = having({
  ...workflowFields,
  nodes: list(having(nodeFields), 1),
  variables: list(having(variableFields)),
});
