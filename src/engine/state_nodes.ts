// Web standards only.
import type { JsonValue } from "../openwop/protocol/mod.ts";
import { declarationOf, mayUse } from "./channels.ts";
import { variableAt } from "./inputs.ts";
import { isObject, merge, own } from "./json.ts";
import { schemaProblem } from "./schema.ts";
import {
  type Builtin,
  completed,
  type Occasion,
  refused,
  refusedPort,
} from "./steps.ts";
import type { LogDraft } from "./types.ts";
import { isVendorType } from "./vendor_events.ts";

/** Nodes that leave something behind in the run: variables, channels, events. */
export const stateNodes: readonly (readonly [string, Builtin])[] = [
  ["core.identity", identity],
  ["core.setVariable", setVariable],
  ["core.getVariable", getVariable],
  ["core.channelWrite", writeChannel],
  ["tutti.emit", emit],
];

const channelReducer =
  /^(replace|append|merge|counter|votes|feedback|message|vendor\.[a-z][a-z0-9_-]*\.[a-z][a-z0-9_-]*)$/;

/** Whether `name` is a reducer of v1 §17.6 or of a vendor. */
export function isReducer(name: JsonValue | undefined): name is string {
  return typeof name === "string" && channelReducer.test(name);
}

function setVariable(occasion: Occasion): ReturnType<Builtin> {
  const { node, inputs, scope } = occasion;
  const name = own(node.node.config, "name");
  if (typeof name !== "string" || name === "" || name === "__proto__") {
    return refused("name must be the name of a variable");
  }
  const value = own(inputs, "value") ?? own(node.node.config, "value");
  if (value === undefined) {
    return refusedPort("value", "has no value");
  }
  const previous = own(scope.variables, name);
  return completed({ value }, [{
    type: "variable.changed",
    nodeId: node.id,
    payload: {
      name,
      ...(previous !== undefined && { previous }),
      next: value,
      nodeId: node.id,
    },
  }]);
}

function getVariable({ node, scope }: Occasion): ReturnType<Builtin> {
  const name = own(node.node.config, "name");
  if (typeof name !== "string" || name === "") {
    return refused("name must be the name of a variable");
  }
  const value = variableAt(name, scope);
  return completed(value === undefined ? {} : { value });
}

/** The reducer of the declaration counts where the node names none. Source: v1 §17.8. */
function writeChannel({ node, inputs, scope }: Occasion): ReturnType<Builtin> {
  const { config, typeId } = node.node;
  const channel = own(config, "channelName");
  if (
    typeof channel !== "string" || channel === "" || channel === "__proto__"
  ) {
    return refused(
      "channelName must be the name of a channel",
      "validation_error",
    );
  }
  const declared = declarationOf(scope.graph, channel);
  const given = own(config, "reducer");
  const reducer = declared?.reducer ?? given;
  if (typeof reducer !== "string" || !declared && !isReducer(reducer)) {
    return refused(
      "reducer must be replace, append, merge, counter, votes, feedback, message or vendor.<org>.<name>",
      "validation_error",
    );
  }
  if (given !== undefined && given !== reducer) {
    return refused(
      `reducer must be ${reducer}, with which the channel "${channel}" is declared`,
      "validation_error",
    );
  }
  if (declared && !mayUse(declared, "writers", node.id, typeId)) {
    return refused(
      `the channel "${channel}" is for others to write`,
      "channel_access_denied",
    );
  }
  const value = own(inputs, "value") ?? own(config, "value") ?? inputs;
  const problem = valueProblem(value, reducer) ??
    (declared?.schema && entryProblem(declared.schema, value, reducer));
  if (problem !== undefined) {
    return refused(
      `the channel "${channel}" does not take the value: ${problem}`,
      "validation_error",
    );
  }
  return completed({}, [
    written(node.id, channel, value, reducer, declared?.schemaVersion),
  ]);
}

function written(
  nodeId: string,
  channel: string,
  value: JsonValue,
  reducer: string,
  schemaVersion: number | undefined,
): LogDraft {
  return {
    type: "channel.written",
    nodeId,
    // The host fills in when: the engine has no clock.
    payload: {
      channel,
      value,
      reducer,
      writtenAt: "",
      nodeId,
      ...(schemaVersion !== undefined && { schemaVersion }),
    },
  };
}

function valueProblem(value: JsonValue, reducer: string): string | undefined {
  if (reducer === "counter" && typeof value !== "number") {
    return "a counter adds numbers";
  }
  if (reducer === "merge" && !isObject(value)) return "merge takes objects";
  if (reducer === "votes" && !isObject(value)) {
    return "a vote is an object with a voter";
  }
  return undefined;
}

/**
 * Schemas are written for a write; those of the protocol's own fixtures say `array` and mean the state, so a write to a
 * list is also fine where a list of it is.
 */
function entryProblem(
  schema: Parameters<typeof schemaProblem>[0],
  value: JsonValue,
  reducer: string,
): string | undefined {
  const problem = schemaProblem(schema, value);
  if (problem === undefined) return undefined;
  const isList = ["append", "feedback", "votes", "message"].includes(reducer);
  return isList && schemaProblem(schema, [value]) === undefined
    ? undefined
    : `${problem.message}${problem.pointer && ` at ${problem.pointer}`}`;
}

/** `emitDuplicateMessageId` is a hook of the protocol's fixtures: three messages with two ids. Source: v1 §17.8. */
function identity({ node, inputs }: Occasion): ReturnType<Builtin> {
  if (own(node.node.config, "emitDuplicateMessageId") !== true) {
    return completed(inputs);
  }
  const message = (messageId: string, content: string): LogDraft =>
    written(node.id, "messages", { messageId, content }, "message", undefined);
  return completed(inputs, [
    message("m1", "first"),
    message("m1", "first"),
    message("m2", "second"),
  ]);
}

function emit({ node, inputs }: Occasion): ReturnType<Builtin> {
  const eventType = own(node.node.config, "eventType");
  if (typeof eventType !== "string" || !isVendorType(eventType)) {
    return refused("eventType must be of a vendor, as in acme.order-shipped");
  }
  return completed({}, [{
    type: "unknown",
    wireType: eventType,
    nodeId: node.id,
    payload: merge([inputs, { nodeId: node.id }]),
  }]);
}
