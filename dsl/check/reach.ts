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

/** What an output can be, where its type tells: nothing is known of all others. */
function valuesOf(
  { typeId, config }: WorkflowNode,
  output: string | undefined,
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
      return [true, false];
    case "core.flow.switch label":
      return typeof cases === "object" && cases !== null
        ? [...Object.values(cases), ...(other === undefined ? [] : [other])]
        : undefined;
    default:
      return undefined;
  }
}

/** Types that never complete. */
const fails = /^core\.(fail|flow\.stop-and-error)$/;

const quoted = (values: readonly JsonValue[], between: string): string =>
  values.map((value) => JSON.stringify(value)).join(between);

/**
 * Ways that are never taken, values without a way, and nodes that no way leads to.
 *
 * @param isDeclared Whether constructs made the ways; those that ask what an approval was answered know the answers.
 */
export function checkReach(
  { nodes, edges }: WorkflowDefinition,
  isDeclared = false,
): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  const dead = new Set<WorkflowEdge>();
  const never = new Set<string>();
  const outgoing = edgesBy(edges, "sourceNodeId");
  for (const node of nodes) {
    const { id, typeId, config } = node;
    if (fails.test(typeId)) never.add(id);
    const ways = outgoing.get(id) ?? [];
    for (const output of new Set(ways.map((way) => way.condition?.left))) {
      const values = valuesOf(node, output);
      if (!values || isDeclared && typeId === "core.approvalGate") continue;
      const asked = ways.filter(({ condition }) =>
        condition?.left === output && condition?.right !== undefined &&
        (condition.type ?? "equals") === "equals"
      );
      const wanted = asked.map(({ condition }) => condition!.right!);
      for (const [index, way] of asked.entries()) {
        if (values.includes(wanted[index]!)) continue;
        dead.add(way);
        issues.push(definitionIssue(
          "dead-branch",
          `"${id}" never gives ${
            quoted([wanted[index]!], "")
          } as its "${output}"`,
          `/edges/${edges.indexOf(way)}/condition/right`,
          `it gives one of: ${quoted(values, ", ")}`,
          way.targetNodeId,
        ));
      }
      // A boolean is asked for one of its two values; a rejection that is no output has a way of its own.
      const without = values.filter((value) =>
        typeof value === "string" && !wanted.includes(value) &&
        value !== "ask" &&
        (value !== "reject" || config["rejection"] === "output")
      );
      if (
        asked[1] && without.length && ways.every(({ condition }) => condition)
      ) {
        issues.push(definitionIssue(
          "case-without-way",
          `when "${id}" gives ${
            quoted(without, " or ")
          } as its "${output}", nothing happens any more`,
          `/edges/${edges.indexOf(asked[0]!)}/condition`,
          "add an edge for it, or one without a condition",
          id,
        ));
      }
    }
  }
  const incoming = edgesBy(edges, "targetNodeId");
  const isLost = (edge: WorkflowEdge): boolean => never.has(edge.sourceNodeId);
  // The order of the definition is topological where the author took care; otherwise less is found, nothing wrong is said.
  for (const [index, { id }] of nodes.entries()) {
    const into = incoming.get(id) ?? [];
    const rule = into[0]?.triggerRule ?? "all_success";
    const isGone = rule === "all_success" && into.some(isLost) ||
      /_success$/.test(rule) && into[0] &&
        into.every((edge) => dead.has(edge) || isLost(edge));
    if (!isGone) continue;
    never.add(id);
    issues.push(definitionIssue(
      "unreachable-node",
      `"${id}" can never run: nothing leads to it`,
      `/nodes/${index}`,
      "remove it, or mend the conditions of the edges into it",
      id,
    ));
  }
  return issues;
}
