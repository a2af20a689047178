// Web standards only.
import { checkExecutable, isBuiltin } from "../engine/mod.ts";
import { checkDefinition, DefinitionError } from "../openwop/protocol/mod.ts";
import type {
  DefinitionIssue,
  NodeImplementation,
  RunnableWorkflow,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { copyJson } from "./json_value.ts";

/** A workflow that was checked and belongs to the host from now on. */
export interface RegisteredWorkflow {
  /** The host's own copy. */
  readonly definition: WorkflowDefinition;
  /** By type id. */
  readonly nodes: ReadonlyMap<string, NodeImplementation>;
  /** Only of one that came over the wire: who gave it. */
  readonly tenant?: string;
}

/** The workflows of a host, and the code of every kind of step that it has. */
export interface Shelf {
  /** By id. */
  readonly workflows: Map<string, RegisteredWorkflow>;
  /** By type id; where several workflows have one of the same type, that of the first. */
  readonly nodes: ReadonlyMap<string, NodeImplementation>;
}

/**
 * Checks workflows and takes them in.
 *
 * @param more Code for workflows that come later.
 * @throws {DefinitionError} with the issues of all of them at once.
 */
export function shelve(
  workflows: readonly RunnableWorkflow[],
  more: readonly NodeImplementation[] = [],
): Shelf {
  const registry = register(workflows);
  const all = [...registry.values()].flatMap((
    { nodes },
  ) => [...nodes.values()]);
  const nodes = new Map<string, NodeImplementation>();
  for (const node of [...all, ...more]) {
    if (!nodes.has(node.typeId)) nodes.set(node.typeId, node);
  }
  return { workflows: new Map(registry), nodes };
}

/** The workflows of a host, by id. */
export type Registry = ReadonlyMap<string, RegisteredWorkflow>;

/**
 * Checks workflows and takes them in.
 *
 * @throws {DefinitionError} with the issues of all of them at once.
 */
export function register(workflows: readonly RunnableWorkflow[]): Registry {
  const registry = new Map<string, RegisteredWorkflow>();
  const faulty = new Set<string>();
  const issues: DefinitionIssue[] = [];
  workflows.forEach((workflow, index) => {
    const found = checkWorkflow(workflow);
    const id = idOf(workflow) ?? `workflows[${index}]`;
    if (registry.has(id)) {
      found.push({
        code: "duplicate-workflow",
        message: `there are several workflows with the id "${id}"`,
        pointer: "/id",
        source: id,
        hint: "give each its own id, or hand in the newest only",
      });
    }
    if (found.length > 0) {
      faulty.add(id);
      issues.push(...found);
      return;
    }
    registry.set(id, {
      definition: copyJson(workflow.definition),
      nodes: new Map(workflow.nodes.map((node) => [node.typeId, node])),
    });
  });
  if (issues.length > 0) {
    throw new DefinitionError([...faulty].join('", "'), issues);
  }
  return registry;
}

function idOf(workflow: RunnableWorkflow): string | undefined {
  const id: unknown = workflow?.definition?.id;
  return typeof id === "string" ? id : undefined;
}

function checkWorkflow(workflow: RunnableWorkflow): DefinitionIssue[] {
  const issues = checkDefinition(workflow?.definition);
  if (issues.length > 0) return issues;
  const known = new Map<string, NodeImplementation>();
  for (const node of workflow.nodes ?? []) {
    const other = known.get(node.typeId);
    if (other !== undefined && other !== node) {
      issues.push({
        code: "duplicate-node-type",
        message: `there are several implementations of "${node.typeId}"`,
        pointer: "/nodes",
        source: node.typeId,
        hint: "give each kind of step its own type id",
      });
    }
    if (isBuiltin(node.typeId)) {
      issues.push({
        code: "reserved-node-type",
        message: `"${node.typeId}" is performed by the engine itself`,
        pointer: "/nodes",
        source: node.typeId,
        hint: "use a type id of your own, for example local.…",
      });
    }
    known.set(node.typeId, node);
  }
  issues.push(
    ...checkExecutable(workflow.definition, (typeId) => known.has(typeId)),
  );
  return issues;
}
