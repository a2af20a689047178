// Web standards only.
import type {
  JsonObject,
  NodeContext,
  NodeImplementation,
  RunnableWorkflow,
} from "../openwop/protocol/mod.ts";

/** What runs in place of the code of a node: a function of its input, or the output itself. */
export type StepStub =
  | JsonObject
  | ((input: JsonObject, context: NodeContext) => unknown);

/** How the execution of a step goes wrong. */
export type StepFault =
  /** It throws, before or, with `afterWork`, after its code did its work. */
  | {
    readonly kind: "throw";
    /** @default a plain one */
    readonly error?: unknown;
    /** @default false */
    readonly afterWork?: boolean | undefined;
  }
  /** It never ends, not even when its signal aborts. */
  | { readonly kind: "hang" };

/** What goes wrong with a step: entry `n` is for execution `n`, from 0; without an entry all is well. */
export type StepFaults = readonly (StepFault | undefined)[];

/** One execution of the code of a node. */
export interface StepCall {
  /** Of the node in the definition. */
  readonly nodeId: string;
  /** Its kind. */
  readonly typeId: string;
  /** Which run. */
  readonly runId: string;
  /** 0 for the first. */
  readonly attempt: number;
  /** Stays the same from attempt to attempt. */
  readonly idempotencyKey: string;
  /** What it was given. */
  readonly input: JsonObject;
}

/** What stands between a host and the code of its steps. */
export interface StepOptions {
  readonly stubs: Readonly<Record<string, StepStub>>;
  readonly stepFaults: Readonly<Record<string, StepFaults>>;
  readonly onCall: (call: StepCall) => void;
}

/** The same workflow, with stubs and faults in place of its code. */
export function stubbed(
  { definition, nodes }: RunnableWorkflow,
  options: StepOptions,
): RunnableWorkflow {
  const known = new Set(nodes.map(({ typeId }) => typeId));
  const missing = definition.nodes.filter(({ id, typeId }) =>
    !known.has(typeId) && (of(options.stubs, id) ?? of(options.stubs, typeId))
  ).map(({ typeId }) => typeId);
  const added = [...new Set(missing)].map((typeId): NodeImplementation => ({
    typeId,
    run: () => {
      throw new Error(
        `Cannot run "${typeId}": not all of its nodes have stubs`,
      );
    },
  }));
  return {
    definition,
    nodes: [...nodes, ...added].map((node) => around(node, options)),
  };
}

function around(
  node: NodeImplementation,
  { stubs, stepFaults, onCall }: StepOptions,
): NodeImplementation {
  const counts = new Map<string, number>();
  return {
    ...node,
    async run(input: JsonObject, context): Promise<unknown> {
      const { nodeId, runId, attempt, idempotencyKey } = context;
      const { typeId } = node;
      onCall({ nodeId, typeId, runId, attempt, idempotencyKey, input });
      const name = of(stepFaults, nodeId) ? nodeId : typeId;
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      const fault = of(stepFaults, name)?.[count];
      if (fault?.kind === "hang") return await new Promise(() => {});
      if (fault && !fault.afterWork) throw errorOf(fault, nodeId);
      const stub = of(stubs, nodeId) ?? of(stubs, typeId);
      const output = stub === undefined
        ? await node.run(input as never, context)
        : typeof stub === "function"
        ? await stub(input, context)
        : stub;
      if (fault) throw errorOf(fault, nodeId);
      return output;
    },
  };
}

function errorOf(
  { error }: { readonly error?: unknown },
  nodeId: string,
): unknown {
  return error ?? new Error(`Step "${nodeId}" fails as planned`);
}

/** Ids may be called like properties of every object. */
function of<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
