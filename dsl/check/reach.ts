// Web standards only.
import type {
  DefinitionIssue,
  JsonValue,
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "../../src/openwop/protocol/mod.ts";

/** What an output can be, where its type tells: nothing is known of all others. */
function valuesOf(
  { typeId, config }: WorkflowNode,
  output: string,
): readonly JsonValue[] | undefined {
  const list = (value: JsonValue | undefined): readonly JsonValue[] =>
    Array.isArray(value) ? value : [];
  switch (`${typeId} ${output}`) {
    case "core.approvalGate action":
      return config["actions"] === undefined
        ? ["accept", "reject"]
        : list(config["actions"]);
    case "core.flow.if branch":
      return ["then", "else"];
    case "core.flow.if matched":
    case "tutti.condition matched":
    case "tutti.repeat matched":
      return [true, false];
    case "core.flow.switch label": {
      const { cases, default: otherwise } = config;
      return typeof cases === "object" && cases !== null
        ? [
          ...Object.values(cases as Readonly<Record<string, JsonValue>>),
          ...(otherwise === undefined ? [] : [otherwise]),
        ]
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Types that never complete. */
const fails = new Set(["core.fail", "core.flow.stop-and-error"]);

/** Ways that are never taken, values without a way, and nodes that no way leads to. */
export function checkReach(
  { nodes, edges }: WorkflowDefinition,
): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const dead = new Set<WorkflowEdge>();
  const asked = new Map<string, { values: JsonValue[]; index: number }>();
  edges.forEach((edge, index) => {
    const { condition } = edge;
    const source = byId.get(edge.sourceNodeId);
    const { type, left, right } = condition ?? {};
    if (!source || left === undefined || right === undefined) return;
    if ((type ?? "equals") !== "equals") return;
    const values = valuesOf(source, left);
    if (!values) return;
    const key = JSON.stringify([source.id, left]);
    const others = asked.get(key);
    if (others) others.values.push(right);
    else asked.set(key, { values: [right], index });
    if (values.includes(right)) return;
    dead.add(edge);
    issues.push({
      code: "dead-branch",
      message: `"${source.id}" never gives ${
        JSON.stringify(right)
      } as its "${left}"`,
      pointer: `/edges/${index}/condition/right`,
      source: edge.targetNodeId,
      hint: `it gives one of: ${
        values.map((value) => JSON.stringify(value)).join(", ")
      }`,
    });
  });
  for (const [key, { values, index }] of asked) {
    const [id, left] = JSON.parse(key) as [string, string];
    const source = byId.get(id)!;
    // A boolean is asked for one of its two values; a rejection that is no output has a way of its own.
    const left1 = (valuesOf(source, left) ?? []).filter((value) =>
      typeof value === "string" && !values.includes(value) &&
      !(value === "reject" && source.config["rejection"] !== "output") &&
      value !== "ask"
    );
    const free = edges.some((edge) =>
      edge.sourceNodeId === id && !edge.condition
    );
    if (free || left1.length === 0 || values.length < 2) continue;
    issues.push({
      code: "case-without-way",
      message: `when "${id}" gives ${
        left1.map((value) => JSON.stringify(value)).join(" or ")
      } as its "${left}", nothing happens any more`,
      pointer: `/edges/${index}/condition`,
      source: id,
      hint: "add an edge for it, or one without a condition",
    });
  }
  return [...issues, ...unreachable(nodes, edges, dead)];
}

function unreachable(
  nodes: readonly WorkflowNode[],
  edges: readonly WorkflowEdge[],
  dead: ReadonlySet<WorkflowEdge>,
): DefinitionIssue[] {
  const incoming = new Map<string, WorkflowEdge[]>();
  for (const edge of edges) {
    const into = incoming.get(edge.targetNodeId);
    if (into) into.push(edge);
    else incoming.set(edge.targetNodeId, [edge]);
  }
  const never = new Set(
    nodes.filter(({ typeId }) => fails.has(typeId)).map(({ id }) => id),
  );
  const issues: DefinitionIssue[] = [];
  // The order of the definition is topological where the author took care; otherwise less is found, nothing wrong is said.
  nodes.forEach(({ id }, index) => {
    const edges = incoming.get(id);
    if (!edges) return;
    const rule = edges[0]!.triggerRule ?? "all_success";
    const lost = (edge: WorkflowEdge): boolean =>
      dead.has(edge) || never.has(edge.sourceNodeId);
    const gone = rule === "any_success" && edges.every(lost) ||
      rule === "all_success" &&
        (edges.every(lost) ||
          edges.some((edge) => never.has(edge.sourceNodeId)));
    if (!gone) return;
    never.add(id);
    issues.push({
      code: "unreachable-node",
      message: `"${id}" can never run: nothing leads to it`,
      pointer: `/nodes/${index}`,
      source: id,
      hint: "remove it, or mend the conditions of the edges into it",
    });
  });
  return issues;
}
