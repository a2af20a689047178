// Web standards only.
import type { DefinitionIssue } from "../openwop/protocol/mod.ts";
import { type Graph, type GraphNode, namesIn } from "./graph.ts";
import { isCount, own } from "./json.ts";
import { pointerIn } from "./rehearsal.ts";

/** What is wrong with loops, lists and joins: bodies that overlap, quorums that cannot be met, ids that are taken. */
export function checkLoops(graph: Graph): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  const loops = graph.nodes.filter(({ role }) => role === "repeat");
  for (const node of graph.nodes) {
    const problem = node.role === "repeat"
      ? bodyProblem(graph, node, loops)
      : node.role === "join"
      ? joinProblem(graph, node)
      : node.role === "each"
      ? eachProblem(graph, node)
      : undefined;
    if (problem === undefined) continue;
    issues.push({
      code: "node-config",
      message: problem,
      pointer: `/nodes/${node.position}/config${
        pointerIn(node.node.config, problem)
      }`,
      source: node.id,
    });
  }
  for (const { id, undoes } of graph.undoing.values()) {
    if (!graph.byId.has(id)) continue;
    issues.push({
      code: "node-config",
      message: `the id "${id}" is that of what undoes "${undoes!.id}"`,
      pointer: `/nodes/${graph.byId.get(id)!.position}/id`,
      source: id,
      hint: "give it another one",
    });
  }
  return issues;
}

function bodyProblem(
  graph: Graph,
  loop: GraphNode,
  loops: readonly GraphNode[],
): string | undefined {
  const names = namesIn(loop.node.config, "body");
  if (names.length === 0) return "body must name the nodes that are repeated";
  const unknown = names.find((id) => !graph.byId.has(id));
  if (unknown !== undefined) {
    return `body names "${unknown}", which does not exist`;
  }
  if (names.includes(loop.id)) return "body names the loop itself";
  const rounds = own(loop.node.config, "maxIterations");
  if (rounds !== undefined && !isCount(rounds)) {
    return "maxIterations must be a whole number of at least 1";
  }
  const body = new Set(loop.body);
  for (const other of loops) {
    if (other === loop) continue;
    const shared = other.body.filter((node) => body.has(node)).length;
    const within = body.has(other) && shared === other.body.length;
    const around = other.body.includes(loop) && shared === body.size;
    if (shared > 0 && !within && !around) {
      return `its body overlaps with that of "${other.id}"`;
    }
  }
  const outward = loop.body.flatMap(({ outgoing }) => outgoing)
    .find(({ target }) => !body.has(target) && target !== loop);
  return outward
    ? `"${outward.target.id}" follows "${outward.source.id}" of its body: only the loop itself may`
    : undefined;
}

function joinProblem(graph: Graph, node: GraphNode): string | undefined {
  const need = own(node.node.config, "need");
  const sources = node.incoming.length;
  if (need !== undefined && (!isCount(need) || need > sources)) {
    return `need must be a whole number from 1 to ${sources}, the number of its sources`;
  }
  const unknown = namesIn(node.node.config, "cancel")
    .find((id) => !graph.byId.has(id));
  if (unknown !== undefined) {
    return `cancel names "${unknown}", which does not exist`;
  }
  return node.rule === "all_complete" || sources === 0
    ? undefined
    : "the edges into a join must carry the rule all_complete";
}

function eachProblem(graph: Graph, node: GraphNode): string | undefined {
  const { config } = node.node;
  const code = own(config, "nodeTypeId");
  const child = own(config, "workflowId");
  if ((typeof code === "string") === (typeof child === "string")) {
    return "either nodeTypeId or workflowId must say what is done with each item";
  }
  const concurrency = own(config, "concurrency");
  if (concurrency !== undefined && !isCount(concurrency)) {
    return "concurrency must be a whole number of at least 1";
  }
  const taken = graph.nodes.find(({ id }) =>
    id.startsWith(`${node.id}:`) && /^\d+$/.test(id.slice(node.id.length + 1))
  );
  return taken && `the id "${taken.id}" is that of one of its items`;
}
