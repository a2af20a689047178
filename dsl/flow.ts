// Web standards only.
import type { JsonObject } from "../src/openwop/protocol/mod.ts";
import {
  approvalNode,
  type ApprovalOptions,
  decisionPorts,
  type DecisionRefs,
  type Question,
} from "./approval.ts";
import { switchPoint } from "./branch.ts";
import { Draft, graphOf, place } from "./draft.ts";
import { distinct, type Graph, type Link, withNode } from "./graph.ts";
import type { NodeType } from "./node.ts";
import { type OutputOf, sinks } from "./output.ts";
import {
  inputRefs,
  type MaybeRefs,
  type Ports,
  type Ref,
  type Refs,
  stepRefs,
} from "./ref.ts";

/** References to what a run is given; remembers what may be handed to `start()`. */
export type InputRefs<In, Accepted> = Refs<Accepted> & {
  /** Never present at run time. */
  readonly "~given"?: In;
};

/** What the scope of a workflow without any step holds. */
export interface InputScope<Input> {
  /** What the run was given. */
  readonly input: Input;
}

/** The value that `start()` takes for a scope. */
export type GivenIn<Scope> = Scope extends
  InputScope<InputRefs<infer In, unknown>> ? In : JsonObject;

/** What a chain without steps adds. */
// deno-lint-ignore no-empty-interface
export interface NoSteps {}

/** What a chain of steps adds: references by step, the names it uses up, and the names of its interrupts. */
export interface Part<Added, Used extends string, Gates extends string> {
  /** Never present at run time. */
  readonly "~part"?: {
    readonly added: Added;
    readonly used: Used;
    readonly gates: Gates;
  };
}

/** Any chain of steps. */
export type AnyPart = Part<unknown, string, string>;

/** What a chain adds to the scope. */
export type AddedBy<P> = P extends Part<infer Added, string, string> ? Added
  : never;

/** The names that a chain uses up. */
export type UsedBy<P> = P extends Part<unknown, infer Used, string> ? Used
  : never;

/** The names of the interrupts of a chain. */
export type GatesOf<P> = P extends Part<unknown, string, infer Gates> ? Gates
  : never;

/** All of a union at once. */
export type AllOf<Union> =
  (Union extends unknown ? (each: Union) => void : never) extends
    (all: infer All) => void ? All : never;

/** What a case adds, where nobody knows whether it will be taken. */
export type Uncertain<Added> = {
  readonly [Step in keyof Added]: MaybeRefs<Added[Step]>;
};

/** `Name`, or a sentence where it is taken. */
export type FreeName<Name extends string, Used extends string> = Name extends
  Used ? `the name "${Name}" is already taken` : Name;

/** What a port is compared with when the step has no port of that name. */
export interface NoSuchPort<Name> {
  /** The name that was written. */
  readonly "the step has no port of this name": Name;
}

/** What a case is compared with when the value never is that. */
export interface NoSuchCase<Name> {
  /** The name that was written. */
  readonly "the value is never this": Name;
}

/** What a value is compared with when its type does not say which cases there are. */
export interface OpenSet {
  /** What to do about it. */
  readonly "a branch needs a closed set of values: make the type a union of literals":
    true;
}

/** Refuses ports that `In` does not have. */
export type NoOtherPorts<Given, In> = {
  readonly [Port in Exclude<keyof Given, keyof In>]: NoSuchPort<Port>;
};

/** Refuses a plain `string`. */
export type ClosedSet<Value extends string> = string extends Value ? OpenSet
  : unknown;

/** The chain that a case or a parallel branch starts from. */
export type Inner<Scope, Added, Used extends string> = Flow<
  Scope & Added,
  NoSteps,
  Used,
  never
>;

/**
 * A workflow that is being declared. Every method gives a new one with one more construct at its end; only
 * {@linkcode Flow.add} changes the flow that it is called on.
 *
 * `Scope` is what was there when this chain began, `Added` what it added, `Used` the names that are taken, `Gates` the
 * names of its interrupts.
 */
export class Flow<Scope, Added, Used extends string, Gates extends string>
  extends Draft<GivenIn<Scope>, JsonObject, Used, Gates>
  implements Part<Added, Used, Gates> {
  /** Never present at run time. */
  declare readonly "~part"?: {
    readonly added: Added;
    readonly used: Used;
    readonly gates: Gates;
  };
  readonly #tail: readonly Link[];
  readonly #within: readonly string[];

  /** Flows are made by `workflow()`. */
  constructor(
    graph: Graph,
    tail: readonly Link[] = [],
    within: readonly string[] = [],
  ) {
    super(graph);
    this.#tail = tail;
    this.#within = within;
  }

  /** References to what a run is given, for {@linkcode Flow.add}. */
  get input(): Scope extends InputScope<infer Input> ? Input : never {
    return inputRefs();
  }

  /**
   * Adds a step at the end.
   *
   * @param name Unique in the workflow, 1 to 64 of `A-Z a-z 0-9 _ -`.
   * @param node What it does.
   * @param inputs Says for each port which reference or literal it gets.
   */
  step<
    const Name extends string,
    In,
    Out,
    Given extends Ports<In>,
  >(
    name: FreeName<Name, Used>,
    node: NodeType<In, Out>,
    inputs: (refs: Scope & Added) => Given & NoOtherPorts<Given, In>,
  ): Flow<
    Scope,
    Added & { readonly [Key in Name]: Refs<Out> },
    Used | Name,
    Gates
  > {
    const graph = withNode(graphOf(this), {
      id: name,
      kind: "step",
      typeId: node.typeId,
      config: node.config,
      inputs: { ...inputs(this.#refs()) },
      after: this.#tail,
      afterInputs: false,
      within: this.#within,
      implementation: node,
    });
    return new Flow(graph, [{ from: name }], this.#within);
  }

  /**
   * Adds a step that waits for a human decision.
   *
   * Where a later `branch` looks at its `action`, a rejection is a value like any other. Where none does, a rejection
   * fails the run with `approval_rejected`: nothing behind an approval runs without it. A timeout rejects.
   *
   * @param name The stable name of the interrupt, by which it is answered.
   * @param question What the approver is shown.
   * @param options Who decides, and by when.
   */
  approval<const Name extends string>(
    name: FreeName<Name, Used>,
    question: (refs: Scope & Added) => Question,
    options: ApprovalOptions = {},
  ): Flow<
    Scope,
    Added & { readonly [Key in Name]: DecisionRefs },
    Used | Name,
    Gates | Name
  > {
    const { node, issues } = approvalNode(
      name,
      question(this.#refs()),
      options,
      this.#tail,
      this.#within,
    );
    const graph = withNode(graphOf(this), node, issues);
    return new Flow(graph, [{ from: name }], this.#within);
  }

  /**
   * Lets several chains run side by side; what follows waits for all of them.
   *
   * @param branches By a name that is only for the reader.
   */
  parallel<const Parts extends Readonly<Record<string, AnyPart>>>(
    branches: {
      readonly [Key in keyof Parts]: (
        w: Inner<Scope, Added, Used>,
      ) => Parts[Key];
    },
  ): Flow<
    Scope,
    Added & AllOf<AddedBy<Parts[keyof Parts]>>,
    Used | UsedBy<Parts[keyof Parts]>,
    Gates | GatesOf<Parts[keyof Parts]>
  > {
    let graph = graphOf(this);
    const ends: Link[] = [];
    for (const [name, declare] of entriesOf(branches)) {
      const end = chain(
        declare(new Flow(graph, this.#tail, this.#within)),
        `the parallel branch "${name}"`,
      );
      graph = graphOf(end);
      ends.push(...end.#tail);
    }
    return new Flow(graph, distinct(ends), this.#within);
  }

  /**
   * Takes exactly one of several chains, by a value. What the chains give may be absent afterwards.
   *
   * @param on The value, whose type must be a union of string literals.
   * @param cases One chain for each; `(w) => w` does nothing.
   */
  branch<
    const Value extends string,
    const Parts extends { readonly [Key in Value]: AnyPart },
  >(
    on: (refs: Scope & Added) => Ref<Value> & ClosedSet<Value>,
    cases:
      & {
        readonly [Key in keyof Parts]: (
          w: Inner<Scope, Added, Used>,
        ) => Parts[Key];
      }
      & { readonly [Key in Exclude<keyof Parts, Value>]: NoSuchCase<Key> },
  ): Flow<
    Scope,
    Added & AllOf<Uncertain<AddedBy<Parts[keyof Parts]>>>,
    Used | UsedBy<Parts[keyof Parts]>,
    Gates | GatesOf<Parts[keyof Parts]>
  > {
    const point = switchPoint(
      graphOf(this),
      this.#tail,
      this.#within,
      on(this.#refs()),
    );
    const { from, port } = point;
    let graph = point.graph;
    const ends: Link[] = [];
    for (const [equals, declare] of entriesOf<AnyPart>(cases)) {
      const start: readonly Link[] = [{ from, when: { port, equals } }];
      const within = [...this.#within, `${from}=${equals}`];
      const end = chain(
        declare(new Flow(graph, start, within)),
        `the case "${equals}"`,
      );
      graph = graphOf(end);
      // A case without steps must not hold up what follows: it is over when the value is known.
      ends.push(...(end.#tail === start ? [{ from }] : end.#tail));
    }
    return new Flow(graph, distinct(ends), this.#within);
  }

  /**
   * Adds a node that comes after whatever it takes a value from, and gives its references: for graphs that are large,
   * generated or not a chain. Changes this flow; costs the type checker the same for node 1000 as for node 1.
   *
   * @param name Unique in the workflow; not checked by the compiler, but by `check()`.
   * @param node What it does.
   * @param inputs For each port a reference or a literal.
   * @param options `after`: names of nodes to wait for that no value comes from.
   */
  add<In, Out, const Given extends Ports<In>>(
    name: string,
    node: NodeType<In, Out>,
    inputs: Given & NoOtherPorts<Given, In>,
    options: { readonly after?: readonly string[] } = {},
  ): Refs<Out> {
    place(this, {
      id: name,
      kind: "step",
      typeId: node.typeId,
      config: node.config,
      inputs: { ...inputs },
      after: (options.after ?? []).map((from) => ({ from })),
      afterInputs: true,
      within: this.#within,
      implementation: node,
    });
    return stepRefs(name);
  }

  /**
   * Says what the workflow gives. Ports that refer to a step in a branch are absent when it did not run.
   *
   * @param outputs For each port a reference or a literal.
   */
  output<const Given extends Readonly<Record<string, unknown>>>(
    outputs: (refs: Scope & Added) => Given,
  ): Draft<
    GivenIn<Scope>,
    OutputOf<Given>,
    Used,
    Gates
  > {
    return new Draft(withNode(graphOf(this), {
      id: "output",
      kind: "output",
      typeId: "core.end",
      config: {},
      inputs: { ...outputs(this.#refs()) },
      after: distinct([...this.#tail, ...sinks(graphOf(this))]),
      afterInputs: false,
      within: this.#within,
    }));
  }

  #refs(): Scope & Added {
    const kinds = new Map(
      graphOf(this).nodes.map(({ id, kind }) => [id, kind]),
    );
    return new Proxy({}, {
      get: (_, name) =>
        typeof name !== "string"
          ? undefined
          : name === "input"
          ? inputRefs()
          : stepRefs(name, kinds.get(name) === "approval" ? decisionPorts : {}),
    }) as Scope & Added;
  }
}

/** The entries of an object of chains, without the types that only the compiler needs. */
function entriesOf<P>(
  parts: object,
): [string, (w: Flow<never, NoSteps, string, never>) => P][] {
  return Object.entries(parts);
}

/** The flow that a callback gave, which the types promise and plain JavaScript may forget. */
function chain(
  end: unknown,
  place: string,
): Flow<unknown, unknown, string, string> {
  if (end instanceof Flow) return end;
  throw new TypeError(
    `Cannot declare ${place}: its function must return the chain it was given, as in (w) => w.step(…)`,
  );
}
