// Web standards only.
import {
  DefinitionError,
  type DefinitionIssue,
} from "../src/openwop/protocol/mod.ts";
import type { Workflow } from "./built.ts";
import { compile, type Compiled } from "./compile.ts";
import type { DefinedWorkflow } from "./defined.ts";
import { within } from "./given.ts";
import type { Graph } from "./graph.ts";
import type { DefinitionScope, GivenIn, Reserved } from "./parts.ts";
import { type Place, placeOf, setPlace } from "./place.ts";
import type { EditableState } from "./state_types.ts";

/** What `build()` gives: by how the declaration began. */
export type BuiltFrom<Scope, Out, Steps extends string, Gates> = Scope extends
  DefinitionScope<unknown> ? DefinedWorkflow<
    GivenIn<Scope>,
    Out,
    Steps,
    Gates,
    EditableState<Scope, Gates>
  >
  : Workflow<GivenIn<Scope>, Out, Steps, Gates, EditableState<Scope, Gates>>;

/** A declaration that can be checked and built. */
export class Draft<Scope, Out, Used, Gates> {
  /** Never present at run time. */
  declare readonly "~draft"?: {
    readonly in: GivenIn<Scope>;
    readonly out: Out;
  };

  /** Drafts are made by `workflow()` and its methods. */
  constructor(place: Place) {
    setPlace(this, place);
  }

  /**
   * Finds everything that is wrong, without throwing.
   *
   * @returns All problems in the order of the declaration, each with its place and what to do. Those whose `severity` is
   * `"warning"` do not keep it from being built: a condition, for example, that not every host can evaluate.
   */
  check(): readonly DefinitionIssue[] {
    return compiled(placeOf(this).graph).issues;
  }

  /**
   * Compiles the declaration to an OpenWOP definition.
   *
   * @throws {DefinitionError} `definition-invalid`, listing every problem but warnings; it never gives half a workflow.
   */
  build(): BuiltFrom<Scope, Out, Exclude<Used, Reserved> & string, Gates> {
    const { graph } = placeOf(this);
    const { definition, nodes, issues } = compiled(graph);
    const faults = issues.filter(({ severity }) => severity !== "warning");
    if (faults.length > 0) throw new DefinitionError(graph.id, faults);
    const edits = graph.nodes.map(({ id, edit }) => [id, edit] as const);
    // What the declaration began with says what comes of it.
    return new graph.finish(
      definition,
      nodes,
      new Map([["input", graph.input], ...edits]),
    ) as never;
  }
}

/** Plain JavaScript may have put something into it that only now is looked at. */
function compiled(graph: Graph): Compiled {
  return within(String(graph.id), () => compile(graph));
}
