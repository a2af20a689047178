// Web standards only.
import {
  type DefinitionIssue,
  definitionIssue,
  edgesBy,
  type JsonValue,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
} from "../../src/openwop/protocol/mod.ts";

const truths = [true, false];

/** What an output can be, where its type tells: nothing is known of all others. */
function valuesOf(
  { typeId, config }: WorkflowNode,
  output: string,
): readonly JsonValue[] | undefined {
  const { actions = ["accept", "reject"], cases, default: other } = config;
  switch (`${typeId} ${output}`) {
    case "core.approvalGate action":
      return Array.isArray(actions) ? actions : [];
    case "core.flow.if branch":
      return ["then", "else"];
    case "core.flow.if matched":
    case "tutti.condition matched":
    case "tutti.repeat matched":
      return truths;
    case "core.flow.switch label":
      return typeof cases === "object" && cases !== null
        ? [...Object.values(cases), ...(other === undefined ? [] : [other])]
        : undefined;
    default:
      return undefined;
  }
}

/** Types that never complete. */
const fails = new Set(["core.fail", "core.flow.stop-and-error"]);

/** What the edges ask about one output. */
interface Asked {
  readonly source: WorkflowNode;
  readonly output: string;
  /** What it can be. */
  readonly values: readonly JsonValue[];
  /** What is asked for. */
  readonly wanted: JsonValue[];
  /** Of the first edge that asks. */
  readonly index: number;
}

const quoted = (values: readonly JsonValue[], between: string): string =>
  values.map((value) => JSON.stringify(value)).join(between);

/** Ways that are never taken, values without a way, and nodes that no way leads to. */
export function checkReach(
  { nodes, edges }: WorkflowDefinition,
): DefinitionIssue[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const dead = new Set<WorkflowEdge>();
  const asked = new Map<string, Asked>();
  const issues = edges.flatMap((edge, index): DefinitionIssue[] => {
    const { type = "equals", left, right } = edge.condition ?? {};
    const source = byId.get(edge.sourceNodeId);
    const values = source && left !== undefined && right !== undefined &&
      type === "equals" && valuesOf(source, left);
    if (!values) return [];
    const key = JSON.stringify([source.id, left]);
    const one = asked.get(key) ??
      { source, output: left, values, wanted: [], index };
    asked.set(key, one);
    one.wanted.push(right);
    if (values.includes(right)) return [];
    dead.add(edge);
    return [definitionIssue(
      "dead-branch",
      `"${source.id}" never gives ${JSON.stringify(right)} as its "${left}"`,
      `/edges/${index}/condition/right`,
      `it gives one of: ${quoted(values, ", ")}`,
      edge.targetNodeId,
    )];
  });
  const outgoing = edgesBy(edges, "sourceNodeId");
  for (const { source, output, values, wanted, index } of asked.values()) {
    const { id, config } = source;
    // A boolean is asked for one of its two values; a rejection that is no output has a way of its own.
    const without = values.filter((value) =>
      typeof value === "string" && !wanted.includes(value) &&
      value !== "ask" &&
      (value !== "reject" || config["rejection"] === "output")
    );
    const free = outgoing.get(id)!.some(({ condition }) => !condition);
    if (free || !without.length || wanted.length < 2) continue;
    issues.push(definitionIssue(
      "case-without-way",
      `when "${id}" gives ${
        quoted(without, " or ")
      } as its "${output}", nothing happens any more`,
      `/edges/${index}/condition`,
      "add an edge for it, or one without a condition",
      id,
    ));
  }
  const incoming = edgesBy(edges, "targetNodeId");
  const never = new Set(
    nodes.flatMap(({ id, typeId }) => fails.has(typeId) ? id : []),
  );
  // The order of the definition is topological where the author took care; otherwise less is found, nothing wrong is said.
  nodes.forEach(({ id }, index) => {
    const into = incoming.get(id);
    if (!into) return;
    const rule = into[0]!.triggerRule ?? "all_success";
    const isLost = (edge: WorkflowEdge): boolean =>
      never.has(edge.sourceNodeId);
    const isGone = rule === "all_success" && into.some(isLost) ||
      (rule === "all_success" || rule === "any_success") &&
        into.every((edge) => dead.has(edge) || isLost(edge));
    if (!isGone) return;
    never.add(id);
    issues.push(definitionIssue(
      "unreachable-node",
      `"${id}" can never run: nothing leads to it`,
      `/nodes/${index}`,
      "remove it, or mend the conditions of the edges into it",
      id,
    ));
  });
  return issues;
}
