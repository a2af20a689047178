// Web standards only.
import type {
  JsonObject,
  WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import { construct } from "./construct.ts";
import type { Schemas } from "./defined.ts";
import { isCount } from "./count.ts";
import type { Adding } from "./flow.ts";
import { asked, called, graphAt, wanted } from "./given.ts";
import type { NodeType } from "./node.ts";
import type {
  AnyPart,
  FreeName,
  From,
  GatesUnder,
  Named,
  NoOtherPorts,
  RefsIn,
  UsedBy,
} from "./parts.ts";
import { append } from "./place.ts";
import { filled, present } from "./present.ts";
import { type Ports, type Ref, type RefTo, refTo, targetOf } from "./ref.ts";
import { stepNode, type StepOptions } from "./step.ts";

/** How the items are gone through; retry and timeout hold for each item. */
export interface ForEachOptions<OnItemError extends "fail" | "collect">
  extends Pick<StepOptions<unknown, unknown>, "retry" | "timeout" | "notes"> {
  /** How many items are worked on at once. @default 8 */
  readonly concurrency?: number;
  /** Whether results come in the order of the items, or as they end. @default "input" */
  readonly order?: "input" | "completion";
  /** Whether the first item that fails fails the step, or failures are gathered. @default "fail" */
  readonly onItemError?: OnItemError;
}

/** Why an item has failed. */
export interface ItemError {
  /** Its place in the list. */
  readonly index: number;
  /** Why. */
  readonly error: { readonly code: string; readonly message: string };
}

/** What going through a list gives. */
export interface ForEachRefs<Out, OnItemError> {
  /** One for each item; with `"collect"`, `null` stands for one that failed. */
  readonly results: Ref<
    (Out | ("collect" extends OnItemError ? null : never))[]
  >;
  /** How many items there were. */
  readonly count: Ref<number>;
  /** The failures, with `"collect"`. */
  readonly errors: Ref<ItemError[]>;
}

/** A workflow that can be done for each item. */
export interface ItemWorkflow<In, Out, Gates = unknown> {
  /** As it is deployed. */
  readonly definition: WorkflowDefinition;
  /** By which a plan checks how its approvals are edited. */
  readonly schemas?: Schemas;
  /** Never present at run time. */
  readonly "~workflow"?: {
    readonly in: (input: In) => void;
    readonly out: Out;
    readonly gates: Gates;
  };
}

/**
 * Does one kind of step, or a workflow of its own, for each entry of a list. A plan answers the questions of such a
 * workflow by `on("<step>.<interrupt>", …)`, for every entry.
 *
 * @param name Of the step.
 * @param items The list.
 * @param body A kind of step, or a built workflow, which then runs as a child for each item.
 * @param each Says for each port of the body what it gets: the item, a part of it, or anything else in scope.
 * @param options How many at once, in which order, what a failure means.
 *
 * @example
 * ```ts
 * import { defineNode, forEach, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const pull = defineNode({
 *   typeId: "local.example.pull",
 *   input: type<{ day: string }>(),
 *   output: type<{ rows: { id: number }[] }>(),
 *   run: () => ({ rows: [{ id: 1 }, { id: 2 }] }),
 * });
 * const load = defineNode({
 *   typeId: "local.example.load",
 *   input: type<{ id: number; day: string }>(),
 *   output: type<{ bytes: number }>(),
 *   run: ({ id }) => ({ bytes: id * 100 }),
 * });
 * const nightly = workflow("nightly", { version: "1.0.0" })
 *   .input(type<{ day: string }>())
 *   .step("pull", pull, ({ input }) => ({ day: input.day }))
 *   .use(forEach(
 *     "load",
 *     ({ pull }) => pull.rows,
 *     load,
 *     (row, { input }) => ({ id: row.id, day: input.day }),
 *     { concurrency: 4 },
 *   ))
 *   .output(({ load }) => ({ loaded: load.results, count: load.count }))
 *   .build();
 * assert.deepEqual(nightly.definition.nodes[1]?.config.itemInputs, { id: "id" });
 * ```
 */
export function forEach<
  F extends AnyPart,
  const Name extends string,
  Item,
  In,
  Out,
  Given extends Ports<In>,
  const OnItemError extends "fail" | "collect" = "fail",
  Asked = unknown,
>(
  name: FreeName<Name, UsedBy<F>>,
  items: From<F, Ref<readonly Item[]>>,
  body: NodeType<In, Out> | ItemWorkflow<In, Out, Asked>,
  each: (
    item: RefTo<Item>,
    refs: RefsIn<F>,
  ) => Given & NoOtherPorts<Given, In>,
  options: ForEachOptions<OnItemError> = {},
): Adding<
  F,
  Named<Name, ForEachRefs<Out, OnItemError>>,
  Name,
  GatesUnder<`${Name}.`, Asked>
> {
  return construct(name, options, (place, problems) => {
    const item = refTo<RefTo<Item>>({ kind: "item", path: [] });
    const given = asked(
      `${name}.each`,
      place,
      (refs: RefsIn<F>) => called(`${name}.each`, each, item, refs),
    );
    const itemInputs: Record<string, string> = {};
    const shared: Record<string, unknown> = {};
    for (const [port, source] of Object.entries(given)) {
      const target = targetOf(source);
      if (target?.kind === "item") itemInputs[port] = target.path.join(".");
      else shared[port] = source;
    }
    const { concurrency, order, onItemError, ...others } = options;
    if (Object.hasOwn(shared, "items")) {
      problems.push(
        'the port "items" is taken by the list: rename it in the body',
      );
    }
    if (concurrency !== undefined && !isCount(concurrency)) {
      problems.push(`${concurrency} items at once cannot be: use 1 or more`);
    }
    wanted(`${name}.body`, "object", body);
    const isKind = "typeId" in body;
    if (!isKind) graphAt(`${name}.body`, body.definition);
    const [step, issues] = stepNode(
      name,
      isKind ? body : { typeId: "", config: {} },
      { ...shared, items: asked(`${name}.items`, place, items) },
      others,
    );
    const config: JsonObject = {
      ...(isKind
        ? {
          nodeTypeId: body.typeId,
          ...present({ nodeConfig: filled(body.config) }),
        }
        : {
          workflowId: body.definition.id,
          version: body.definition.version,
        }),
      itemInputs,
      ...present({ concurrency }),
      order: order ?? "input",
      onItemError: onItemError ?? "fail",
    };
    return append(
      place,
      {
        ...step,
        edit: (body as ItemWorkflow<In, Out>).schemas,
        typeId: "tutti.forEach",
        config,
        needs: ["going through a list"],
        gives: (key) =>
          key === "results" || key === "count" ||
          key === "errors" && onItemError === "collect",
      },
      issues,
    );
  });
}
