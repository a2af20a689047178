// Web standards only.
import { checkExecutable, isBuiltin } from "../engine/mod.ts";
import { refuse } from "../http/mod.ts";
import type { StandardSchemaV1 } from "../http/mod.ts";
import {
  checkDefinition,
  DefinitionError,
  findJsonProblem,
} from "../openwop/protocol/mod.ts";
import type {
  DefinitionIssue,
  NodeImplementation,
  RunnableWorkflow,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { ofStore } from "./again.ts";
import { checkEach, checkMembers } from "./check_options.ts";
import { copyJson } from "./json_value.ts";
import type { Store } from "./store.ts";

/** A workflow that was checked and belongs to the host from now on. */
export interface RegisteredWorkflow {
  /** The host's own copy. */
  readonly definition: WorkflowDefinition;
  /** By type id. */
  readonly nodes: ReadonlyMap<string, NodeImplementation>;
  /** Only of one that came over the wire: what this host lacks to run it. */
  readonly lacks?: readonly DefinitionIssue[];
}

/** The workflows of a host: those of its program, and those that came over the wire, which the store keeps. */
export class Shelf {
  /** Of the program, by id. They hide others of the same id. */
  readonly own: Registry;
  /** The code of every kind of step; where several workflows have one of the same type, that of the first. */
  readonly nodes: ReadonlyMap<string, NodeImplementation>;
  /** Where those of others are; `undefined` where none are taken. */
  readonly #store: Store | undefined;
  readonly #known = new WeakMap<WorkflowDefinition, RegisteredWorkflow>();

  /**
   * Checks workflows and takes them in.
   *
   * @param more Code for workflows that come later.
   * @param store Where those that come over the wire are kept.
   * @throws {DefinitionError} with the issues of all of them at once.
   */
  constructor(
    workflows: readonly RunnableWorkflow[],
    more: readonly NodeImplementation[] = [],
    store?: Store,
  ) {
    this.own = register(workflows);
    const all = [...this.own.values()]
      .flatMap(({ nodes }) => [...nodes.values()]);
    const nodes = new Map<string, NodeImplementation>();
    checkNodes("options.registration.nodes", more);
    for (const node of [...all, ...more]) {
      if (!nodes.has(node.typeId)) nodes.set(node.typeId, node);
    }
    this.nodes = nodes;
    this.#store = store;
  }

  /** What a tenant finds under an id, whichever host on the store it gave it to; `undefined` for an unknown one. */
  async find(
    id: string,
    tenant: string,
  ): Promise<RegisteredWorkflow | undefined> {
    const own = this.own.get(id);
    if (own || !this.#store) return own;
    let definition: WorkflowDefinition | undefined;
    try {
      definition = await this.#store.loadWorkflow(id, tenant);
    } catch (error) {
      throw ofStore(error);
    }
    if (definition === undefined) return undefined;
    let known = this.#known.get(definition);
    if (known === undefined) {
      // Another host has taken it in, and may have code that is not here.
      const lacks = this.lacking(definition);
      known = {
        definition,
        nodes: this.nodes,
        ...(lacks.length > 0 && { lacks }),
      };
      this.#known.set(definition, known);
    }
    return known;
  }

  /** What this host lacks to run a definition. */
  lacking(definition: WorkflowDefinition): readonly DefinitionIssue[] {
    return checkExecutable(definition, (typeId) => this.nodes.has(typeId));
  }
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
    const nodes = checkNodes(
      `options.workflows[${index}].nodes`,
      workflow?.nodes,
    );
    const found = checkWorkflow(workflow, nodes);
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
      nodes: new Map(nodes.map((node) => [node.typeId, node])),
    });
  });
  if (issues.length > 0) {
    throw new DefinitionError([...faulty].join('", "'), issues);
  }
  return registry;
}

/** @throws {InvalidArgumentError} `invalid-argument`, for what is no code. */
function checkNodes(
  path: string,
  nodes: readonly NodeImplementation[] = [],
): readonly NodeImplementation[] {
  const checkSchema = (path: string, schema: unknown): void => {
    // Some are functions.
    const standard = (schema as Partial<StandardSchemaV1>)?.["~standard"];
    if (schema !== undefined && typeof standard?.validate !== "function") {
      refuse(path, "a Standard Schema is wanted");
    }
  };
  checkEach(path, nodes, (at, node) => {
    checkMembers(at, node, {
      typeId: "string",
      run: "function",
      events: "object?",
    });
    const { input, output, events = {} } = node as NodeImplementation;
    checkSchema(`${at}.input`, input);
    checkSchema(`${at}.output`, output);
    for (const [type, schema] of Object.entries(events)) {
      checkSchema(`${at}.events.${type}`, schema);
    }
  });
  return nodes;
}

function idOf(workflow: RunnableWorkflow): string | undefined {
  const id: unknown = workflow?.definition?.id;
  return typeof id === "string" ? id : undefined;
}

function checkWorkflow(
  workflow: RunnableWorkflow & { readonly build?: unknown },
  nodes: readonly NodeImplementation[],
): DefinitionIssue[] {
  if (typeof workflow?.build === "function") {
    return [{
      code: "not-built",
      message: "it is a declaration that was not built",
      pointer: "",
      hint: "end it with build()",
    }];
  }
  const issues = checkDefinition(workflow?.definition);
  if (issues.length > 0) return issues;
  const found = findJsonProblem(workflow.definition);
  if (found !== undefined) {
    return [{
      code: "not-json",
      message: `a part of it cannot be kept: ${found.problem}`,
      pointer: found.pointer,
      hint: "a definition is plain JSON, however it was made",
    }];
  }
  const known = new Map<string, NodeImplementation>();
  for (const node of nodes) {
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
