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

/** A declaration that can be checked and built. */
export class Draft<In, Out, Used extends string, Gates extends string> {
  #graph: Graph;

  /** Drafts are made by `workflow()` and its methods. */
  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** What was declared so far. */
  protected get graph(): Graph {
    return this.#graph;
  }

  /** Adds a node to this very draft. */
  protected place(node: GraphNode): void {
    this.#graph = withNode(this.#graph, node);
  }

  /**
   * Finds everything that is wrong, without throwing.
   *
   * @returns All problems in the order of the declaration, each with its place and what to do; empty when it can be
   * built.
   */
  check(): readonly DefinitionIssue[] {
    return compile(this.#graph).issues;
  }

  /**
   * Compiles the declaration to an OpenWOP definition.
   *
   * @throws {DefinitionError} `definition-invalid`, listing every problem; it never gives half a workflow.
   */
  build(): Workflow<In, Out, Exclude<Used, Reserved>, Gates> {
    const { definition, nodes, issues } = compile(this.#graph);
    if (issues.length > 0) throw new DefinitionError(this.#graph.id, issues);
    return new Workflow(definition, nodes, this.#graph.input);
  }
}
