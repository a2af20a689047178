// Web standards only.
import {
  DefinitionError,
  type DefinitionIssue,
} from "../src/openwop/protocol/mod.ts";
import { compile } from "./compile.ts";
import { type Graph, type GraphNode, withNode } from "./graph.ts";
import { Workflow } from "./built.ts";

/** Names that no step can have. */
export type Reserved = "input" | "output";

/** What was declared, by draft: known to this folder only. */
const graphs = new WeakMap<object, Graph>();

/** What `draft` declares so far. */
export function graphOf(draft: object): Graph {
  return graphs.get(draft)!;
}

/** Adds a node to `draft` itself. */
export function place(draft: object, node: GraphNode): void {
  graphs.set(draft, withNode(graphOf(draft), node));
}

/** A declaration that can be checked and built. */
export class Draft<In, Out, Used extends string, Gates extends string> {
  /** Drafts are made by `workflow()` and its methods. */
  constructor(graph: Graph) {
    graphs.set(this, graph);
  }

  /**
   * Finds everything that is wrong, without throwing.
   *
   * @returns All problems in the order of the declaration, each with its place and what to do; empty when it can be
   * built.
   */
  check(): readonly DefinitionIssue[] {
    return compile(graphOf(this)).issues;
  }

  /**
   * Compiles the declaration to an OpenWOP definition.
   *
   * @throws {DefinitionError} `definition-invalid`, listing every problem; it never gives half a workflow.
   */
  build(): Workflow<In, Out, Exclude<Used, Reserved>, Gates> {
    const graph = graphOf(this);
    const { definition, nodes, issues } = compile(graph);
    if (issues.length > 0) throw new DefinitionError(graph.id, issues);
    return new Workflow(definition, nodes, graph.input);
  }
}
