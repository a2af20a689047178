// Web standards only.
import type {
  JsonObject,
  JsonValue,
  RunEvent,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { type Graph, graphOf, nodeOf } from "./graph.ts";
import { isObject, own } from "./json.ts";

/** What stands in place of a value that is not to be shown. */
export const MASK = "[redacted]";

/** Nodes that give back what they got, port by port. */
const passing: ReadonlySet<string> = new Set([
  "core.noop",
  "core.identity",
  "core.start",
  "core.end",
  "core.flow.noop",
]);

interface Sensitivity {
  readonly variables: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
  readonly outputs: ReadonlyMap<string, ReadonlySet<string>>;
  readonly run: ReadonlySet<string>;
  readonly any: boolean;
}

/** A node and one of its outputs. */
type Place = readonly [id: string, port: string];

const known = new WeakMap<WorkflowDefinition, Sensitivity>();

function sensitivityOf(definition: WorkflowDefinition): Sensitivity {
  let found = known.get(definition);
  if (found === undefined) {
    found = findSensitive(graphOf(definition));
    known.set(definition, found);
  }
  return found;
}

function findSensitive(graph: Graph): Sensitivity {
  const { definition } = graph;
  const variables = new Set(
    definition.variables.flatMap(({ name, sensitive }) =>
      sensitive ? [name] : []
    ),
  );
  const channels = new Set(
    Object.entries(definition.channels ?? {})
      .flatMap(([name, { sensitive }]) => sensitive ? [name] : []),
  );
  const outputs = new Map<string, Set<string>>();
  for (const { id, node } of graph.nodes) {
    const ports = Object.entries(node.outputSensitivity ?? {})
      .flatMap(([port, sensitive]) => sensitive ? [port] : []);
    if (ports.length > 0) outputs.set(id, new Set(ports));
  }
  const any = variables.size + channels.size + outputs.size > 0;
  const first = (path: string): string => path.split(".")[0]!;
  // What a node only passes on stays what it is.
  const open = [...outputs].flatMap(([id, ports]) =>
    [...ports].map((port): Place => [id, port])
  );
  const readers = new Map<string, Place[]>();
  const mark = ([id, port]: Place): void => {
    const ports = outputs.get(id) ?? new Set();
    if (ports.has(port)) return;
    outputs.set(id, ports.add(port));
    open.push([id, port]);
  };
  for (const { id, node } of any ? graph.nodes : []) {
    if (!passing.has(node.typeId)) continue;
    for (const [port, from] of Object.entries(node.inputs)) {
      if (from.type === "connection") {
        const source = JSON.stringify([from.nodeId, first(from.outputKey)]);
        const those = readers.get(source);
        if (those) those.push([id, port]);
        else readers.set(source, [[id, port]]);
      }
      if (from.type !== "variable") continue;
      const name = first(from.variableName);
      if (
        variables.has(name) || channels.has(name) ||
        variables.has(from.variableName)
      ) mark([id, port]);
    }
  }
  // Those that are marked on the way are walked too.
  for (const place of open) {
    readers.get(JSON.stringify(place))?.forEach(mark);
  }
  const run = new Set(
    graph.results.flatMap(({ id }) => [...outputs.get(id) ?? []]),
  );
  return { variables, channels, outputs, run, any };
}

/**
 * The event as it may be shown: what the definition calls sensitive is replaced by `[redacted]`. The log itself keeps the
 * values, because a run goes on from it.
 *
 * Source: v1 §17.2, §17.6 and §17.7.
 *
 * @param definition Of the run.
 * @param event As recorded.
 */
export function maskEvent<Event extends RunEvent>(
  definition: WorkflowDefinition,
  event: Event,
): Event {
  const sensitive = sensitivityOf(definition);
  if (!sensitive.any || !isObject(event.payload)) return event;
  const payload = maskPayload(
    graphOf(definition),
    sensitive,
    event,
    event.payload as JsonObject,
  );
  return payload === event.payload ? event : { ...event, payload };
}

function maskPayload(
  graph: Graph,
  { variables, channels, outputs, run }: Sensitivity,
  event: RunEvent,
  payload: JsonObject,
): JsonObject {
  const text = (key: string): string => {
    const value = own(payload, key);
    return typeof value === "string" ? value : "";
  };
  const ports = portsOf(graph, outputs, event.nodeId);
  switch (event.type) {
    case "run.started":
      return within(payload, "inputs", variables);
    case "run.completed":
      return within(payload, "outputs", run);
    case "node.completed":
      return within(payload, "outputs", ports);
    case "variable.changed":
      return variables.has(text("name"))
        ? maskKeys(payload, ["previous", "next"])
        : payload;
    case "channel.written":
      return channels.has(text("channel"))
        ? maskKeys(payload, ["value"])
        : payload;
    case "interrupt.resolved":
    case "node.resumed":
      return within(payload, "resumeValue", ports);
    case "approval.received":
      return maskKeys(payload, ports);
    case "log.appended":
      return withinFields(payload, ports);
    case "output.chunk":
      return ports.size > 0 ? maskKeys(payload, ["chunk"]) : payload;
    default:
      return payload;
  }
}

const none: ReadonlySet<string> = new Set();

function portsOf(
  graph: Graph,
  outputs: Sensitivity["outputs"],
  nodeId: string | undefined,
): ReadonlySet<string> {
  const node = nodeId === undefined ? undefined : nodeOf(graph, nodeId);
  if (node?.item) {
    // The results of a list are what its items give.
    const whole = outputs.get(node.item.of.id)?.has("results");
    return whole ? every : outputs.get(node.item.of.id) ?? none;
  }
  return node ? outputs.get(node.id) ?? none : none;
}

const every: ReadonlySet<string> = Object.assign(new Set<string>(["*"]), {
  has: () => true,
});

function within(
  payload: JsonObject,
  key: string,
  names: ReadonlySet<string>,
): JsonObject {
  const value = own(payload, key);
  if (names.size === 0 || !isObject(value)) return payload;
  return { ...payload, [key]: maskValues(value, names) };
}

/** A line that writes over the outputs of a step. */
function withinFields(
  payload: JsonObject,
  ports: ReadonlySet<string>,
): JsonObject {
  const fields = own(payload, "fields");
  if (!isObject(fields)) return payload;
  const masked = within(fields, "outputs", ports);
  return masked === fields ? payload : { ...payload, fields: masked };
}

function maskValues(
  values: JsonObject,
  names: ReadonlySet<string>,
): JsonObject {
  if (names.size === 0) return values;
  return maskKeys(values, Object.keys(values).filter((key) => names.has(key)));
}

function maskKeys(values: JsonObject, keys: Iterable<string>): JsonObject {
  const masked: [string, JsonValue][] = [];
  for (const key of keys) {
    if (Object.hasOwn(values, key)) masked.push([key, MASK]);
  }
  return masked.length === 0
    ? values
    : { ...values, ...Object.fromEntries(masked) };
}

/** The parts of a run that a snapshot shows. */
export interface Shown {
  /** Of the run. */
  readonly variables: JsonObject;
  /** Of the run. */
  readonly channels: JsonObject;
  /** As submitted. */
  readonly inputs: JsonObject | undefined;
  /** Of a node that has ended well. */
  outputsOf(nodeId: string, outputs: JsonObject): JsonObject;
}

/**
 * What a snapshot may show of a run, in the same way as {@linkcode maskEvent}.
 *
 * @param definition Of the run.
 * @param values As they are.
 */
export function maskValuesOf(
  definition: WorkflowDefinition,
  values: Omit<Shown, "outputsOf">,
): Shown {
  const { variables, channels, outputs } = sensitivityOf(definition);
  const graph = graphOf(definition);
  return {
    variables: maskValues(values.variables, variables),
    channels: maskValues(values.channels, channels),
    inputs: values.inputs && maskValues(values.inputs, variables),
    outputsOf: (nodeId, given) =>
      maskValues(given, portsOf(graph, outputs, nodeId)),
  };
}
