// Web standards only.
import type {
  JsonObject,
  StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";
import { run } from "./chains.ts";
import { construct } from "./construct.ts";
import { DefinedWorkflow } from "./defined.ts";
import { type Adding, Flow } from "./flow.ts";
import { asked, schemaAt } from "./given.ts";
import { checking, type Graph, type GraphNode, type Link } from "./graph.ts";
import type {
  AddedBy,
  AnyPart,
  FragmentScope,
  FreeName,
  GatesOf,
  GatesUnder,
  InputRefs,
  Inputs,
  Named,
  NoGates,
  Reserved,
  StepsSoFar,
  UsedBy,
} from "./parts.ts";
import { placeOf } from "./place.ts";
import { present } from "./present.ts";
import { type Ports, refsBy, refTo, targetOf } from "./ref.ts";
import { naming } from "./scope.ts";
import { badOption } from "./step.ts";

/** A chain that can be put into many workflows. Made by {@linkcode fragment}. */
export interface Fragment<In, Body extends AnyPart> {
  /** What was declared, with references to an input of its own. */
  readonly graph: Graph;
  /** Where it ends. */
  readonly tail: readonly Link[];
  /** Never present at run time. */
  readonly "~fragment"?: {
    readonly in: (input: In) => void;
    readonly body: Body;
  };
}

/**
 * Declares a chain with an input of its own, to be put into many workflows by {@linkcode insert}, as often as wanted.
 *
 * @param input What it needs, as a type: `type<T>()` or any Standard Schema.
 * @param declare The chain.
 *
 * @example
 * ```ts
 * import { defineNode, fragment, insert, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const lint = defineNode({
 *   typeId: "local.example.lint",
 *   input: type<{ text: string }>(),
 *   output: type<{ notes: string[] }>(),
 *   run: () => ({ notes: [] }),
 * });
 * const checked = fragment(type<{ text: string }>(), (w) =>
 *   w.step("lint", lint, ({ input }) => ({ text: input.text }))
 *     .approval("ok", ({ lint }) => ({ title: "Fine?", data: { notes: lint.notes } })));
 *
 * const publish = workflow("publish", { version: "1.0.0" })
 *   .input(type<{ title: string; body: string }>())
 *   .use(insert("head", checked, ({ input }) => ({ text: input.title })))
 *   .use(insert("rest", checked, ({ input }) => ({ text: input.body })))
 *   .output(({ head, rest }) => ({ by: [head.ok.decidedBy, rest.ok.decidedBy][0] }))
 *   .build();
 * assert.deepEqual(publish.definition.nodes.map(({ id }) => id), [
 *   "head-lint",
 *   "head-ok",
 *   "rest-lint",
 *   "rest-ok",
 *   "output",
 * ]);
 * ```
 */
export function fragment<In, Body extends AnyPart>(
  input: StandardSchemaV1<unknown, In>,
  declare: (
    w: Flow<FragmentScope<InputRefs<In, In>>, StepsSoFar, Reserved, NoGates>,
  ) => Body,
): Fragment<In, Body> {
  const graph: Graph = {
    id: "fragment",
    version: "0.0.0",
    name: "fragment",
    input: schemaAt("input", input),
    finish: DefinedWorkflow,
    nodes: [],
    issues: [],
  };
  const begin = new Flow({ graph, tail: [], within: [] });
  const end = run(declare, begin, "fragment");
  // Handles change the flow that they are called on.
  const { graph: made, tail } = end.graph === graph ? placeOf(begin) : end;
  return { graph: made, tail };
}

/** Names of a fragment, under its prefix. */
export type Prefixed<Prefix extends string, Names> = Names extends string
  ? `${Prefix}-${Names}`
  : never;

/**
 * Puts a fragment at the end of a chain. Its steps are called `<prefix>-<name>`, also where their interrupts are
 * answered; references to them are `({ prefix }) => prefix.name.port`.
 *
 * @param prefix Unique in the workflow.
 * @param part What `fragment()` gave.
 * @param inputs Says for each input of the fragment which reference or literal it gets.
 */
export function insert<
  F extends AnyPart,
  const Prefix extends string,
  In,
  Body extends AnyPart,
  Given extends Ports<In>,
>(
  prefix: FreeName<Prefix, UsedBy<F>>,
  part: Fragment<In, Body>,
  inputs: Inputs<F, Given, In>,
): Adding<
  F,
  Named<Prefix, AddedBy<Body>>,
  Prefix | Prefixed<Prefix, UsedBy<Body>>,
  GatesUnder<`${Prefix}-`, GatesOf<Body>>
> {
  return construct(prefix, {}, (place) => {
    const { graph } = place;
    const given: Readonly<Record<string, unknown>> = asked(
      `${prefix}.inputs`,
      place,
      inputs,
    );
    const nameOf = (id: string): string => `${prefix}-${id}`;
    const links = (all: readonly Link[]): readonly Link[] =>
      all.map((link) => ({ ...link, from: nameOf(link.from) }));
    const rebind = (source: unknown): unknown => {
      const target = targetOf(source);
      if (target?.kind === "step") {
        return refTo({ ...target, step: nameOf(target.step) });
      }
      if (target?.kind !== "input") return source;
      const [first = "", ...rest] = target.path;
      const bound = Object.hasOwn(given, first) ? given[first] : undefined;
      const found = targetOf(bound);
      const { otherwise } = target;
      if (found) {
        return refTo({
          ...found,
          path: [...found.path, ...rest],
          ...present({ otherwise }),
        });
      }
      return rest.reduce<unknown>(
        (value, key) => (value as JsonObject | undefined)?.[key],
        bound,
      ) ?? otherwise;
    };
    const nodes = part.graph.nodes.map((node): GraphNode => ({
      ...node,
      id: nameOf(node.id),
      config: renamed(node.config, nameOf),
      inputs: Object.fromEntries(
        Object.entries(node.inputs).map(([port, source]) => [
          port,
          rebind(source),
        ]),
      ),
      after: node.after.length ? links(node.after) : place.tail,
      within: [
        ...place.within,
        ...node.within.map((at) => `${prefix}/${at}`),
      ],
    }));
    const declares = part.graph.variables || part.graph.channels ||
      part.graph.configurable || part.graph.triggers;
    const issues = part.graph.issues.map((issue) => ({
      ...issue,
      ...present({ source: issue.source && nameOf(issue.source) }),
    }));
    if (declares) {
      issues.push(badOption(
        prefix,
        "its fragment declares variables, channels, settings or triggers: declare them in the workflow",
      ));
    }
    return {
      ...place,
      graph: {
        ...naming(
          checking(graph, part.graph.checks),
          prefix,
          (stepAt) => refsBy(prefix, (step) => stepAt(nameOf(step))),
        ),
        nodes: [...graph.nodes, ...nodes],
        issues: [...graph.issues, ...issues],
      },
      tail: part.tail.length ? links(part.tail) : place.tail,
    };
  });
}

/** The config of a node whose names of other nodes are prefixed. */
function renamed(
  config: JsonObject,
  nameOf: (id: string) => string,
): JsonObject {
  const change: Record<string, JsonObject[string]> = {};
  for (const key of ["body", "cancel"]) {
    const ids = config[key];
    if (Array.isArray(ids)) change[key] = ids.map((id) => nameOf(String(id)));
  }
  return { ...config, ...change };
}
