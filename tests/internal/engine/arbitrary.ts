import fc from "../../support/properties.ts";
import type {
  EdgeCondition,
  JsonObject,
  TriggerRule,
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "../../../src/openwop/protocol/mod.ts";
import { define, edge, node, type Performer } from "./support.ts";

/** How the world answers: the same for the same node, whatever the order of things. */
export interface World {
  readonly definition: WorkflowDefinition;
  /** What code nodes give; `undefined` fails. */
  readonly work: ReadonlyMap<string, JsonObject | undefined>;
  /** What the voters of approvals say, in turn. */
  readonly votes: ReadonlyMap<string, readonly string[]>;
}

const types = [
  "test.work",
  "test.work",
  "test.work",
  "core.noop",
  "core.fail",
  "core.delay",
  "core.approvalGate",
  "core.approvalGate",
  "core.clarificationGate",
  "core.interrupt",
  "core.end",
  "core.setVariable",
  "core.channelWrite",
  "core.flow.if",
  "core.hitl.ask-user",
  "core.subWorkflow",
  "tutti.forEach",
  "tutti.repeat",
] as const;

const rules: readonly TriggerRule[] = [
  "all_success",
  "any_success",
  "all_complete",
  "none_failed",
  "any_failed",
];

const conditions: readonly (EdgeCondition | undefined)[] = [
  undefined,
  undefined,
  undefined,
  { type: "truthy", left: "n" },
  { type: "equals", left: "n", right: 1 },
  { type: "notEquals", left: "action", right: "accept" },
  { left: "action", right: "accept" },
  { type: "regex", left: "action", right: "^re" },
];

const nodeSeed = fc.record({
  typeId: fc.constantFrom(...types),
  rule: fc.constantFrom(...rules),
  disabled: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  // Which earlier nodes it follows, as bits.
  after: fc.nat(255),
  condition: fc.constantFrom(...conditions),
  gives: fc.option(fc.record({ n: fc.nat(2) }), { nil: undefined, freq: 4 }),
  quorum: fc.integer({ min: 1, max: 3 }),
  majority: fc.boolean(),
  asOutput: fc.boolean(),
  retries: fc.constantFrom(0, 0, 1, 2),
  retryDelayMs: fc.constantFrom(0, 5),
  undone: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  items: fc.nat(3),
  votes: fc.array(fc.constantFrom("accept", "accept", "reject", "refine"), {
    maxLength: 4,
  }),
});

type Seed = typeof nodeSeed extends fc.Arbitrary<infer T> ? T : never;

/** Random acyclic workflows of every kind of node, rule and condition, with a world that answers. */
export const worlds: fc.Arbitrary<World> = fc.array(nodeSeed, {
  minLength: 1,
  maxLength: 8,
}).map(worldOf);

function worldOf(seeds: readonly Seed[]): World {
  const nodes: WorkflowNode[] = [];
  const edges: WorkflowEdge[] = [];
  const work = new Map<string, JsonObject | undefined>();
  const votes = new Map<string, readonly string[]>();
  seeds.forEach((seed, i) => {
    const id = `n${i}`;
    const sources = nodes.filter(({ id }, j) =>
      ((seed.after >> j) & 1) && !id.endsWith("b")
    ).map((source) => source.id);
    for (const source of sources) {
      edges.push(edge(source, id, {
        triggerRule: seed.rule,
        ...(seed.condition && { condition: seed.condition }),
      }));
    }
    // Only where all sources have ended before the start: otherwise what a port finds depends on who was faster.
    const settled = !seed.rule.startsWith("any_");
    const settings = {
      maxRetries: seed.retries,
      retryDelayMs: seed.retryDelayMs,
    };
    // A loop goes round a node of its own, which nothing else follows.
    const body = `${id}b`;
    if (seed.typeId === "tutti.repeat") {
      const into = edges.splice(edges.length - sources.length);
      edges.push(...into.map((arrow) => ({ ...arrow, targetNodeId: body })));
      nodes.push(node(body, "test.work", { settings }));
      edges.push(edge(body, id));
      work.set(body, seed.gives);
    }
    nodes.push(node(id, seed.typeId, {
      disabled: seed.disabled,
      config: configOf(seed, body),
      settings,
      ...(seed.undone && seed.typeId === "test.work" &&
        { compensation: { nodeTypeId: "test.undo" } }),
      inputs: {
        ...(seed.typeId === "tutti.forEach" && {
          items: {
            type: "static",
            value: Array.from({ length: seed.items }, (_, n) => n),
          },
        }),
        ...(seed.typeId === "tutti.repeat" && {
          value: {
            type: "connection",
            nodeId: body,
            outputKey: "n",
            optional: true,
          },
        }),
        own: { type: "static", value: i },
        ...(settled && sources[0] !== undefined && {
          n: {
            type: "connection",
            nodeId: sources[0],
            outputKey: "n",
            optional: true,
          },
        }),
      },
    }));
    work.set(id, seed.gives);
    votes.set(id, seed.votes);
  });
  return { definition: define(nodes, edges), work, votes };
}

function configOf(seed: Seed, body: string): JsonObject {
  switch (seed.typeId) {
    case "core.setVariable":
      return { name: `v${body}`, value: 1 };
    case "core.channelWrite":
      return { channelName: `c${body}`, reducer: "append", value: 1, ttlMs: 9 };
    case "core.flow.if":
      return { predicate: { path: "n", op: "gte", value: 1 } };
    case "core.subWorkflow":
      return {
        workflowId: "child",
        ...(seed.asOutput && { onChildFailure: "absorb" }),
      };
    case "tutti.forEach":
      return {
        nodeTypeId: "test.work",
        concurrency: seed.quorum,
        ...(seed.asOutput && { onItemError: "collect" }),
      };
    case "tutti.repeat":
      return {
        body: [body],
        until: { op: "gte", value: 2 },
        maxIterations: seed.quorum,
        ...(seed.asOutput && { onLimit: "continue" }),
      };
    case "core.delay":
      return { ms: 5 };
    case "core.approvalGate":
      return {
        actions: ["accept", "reject", "refine", "ask"],
        requiredApprovals: seed.quorum,
        rejectionPolicy: seed.majority ? "majority" : "single-veto",
        ...(seed.asOutput && { rejection: "output" }),
        ...(seed.majority && { timeoutMs: 1000 }),
      };
    case "core.clarificationGate":
      return { questions: [{ id: "q", question: "?" }] };
    case "core.interrupt":
      return {
        kind: "external-event",
        data: { eventType: "e", correlation: { n: 1 } },
      };
    default:
      return {};
  }
}

/** What could happen next, in a stable order. */
export function openEnds(performer: Performer): readonly string[] {
  return [
    ...performer.running.map(({ nodeId }) => nodeId),
    ...performer.children.map(({ nodeId }) => nodeId),
    // Deadlines of approvals are left alone: a world in which nobody is late.
    ...performer.timers.flatMap(({ nodeId }) => nodeId ?? [])
      .filter((id) => performer.node(id).status === "running"),
    ...performer.state.agenda.waiting,
  ];
}

/** Lets the world do to one node what it does. */
export function act(world: World, performer: Performer, nodeId: string): void {
  const { status, interrupt, child } = performer.node(nodeId);
  if (performer.children.some((command) => command.nodeId === nodeId)) {
    const outputs = world.work.get(nodeId);
    performer.child(nodeId, child ? outputs ?? "failed" : "running");
  } else if (status === "suspended") {
    const kind = interrupt?.payload.kind;
    if (kind === "clarification") {
      const { questions } = interrupt!.payload.data as {
        questions: readonly { id: string }[];
      };
      performer.answer(nodeId, { answers: { [questions[0]!.id]: nodeId } });
    } else if (kind === "external-event") {
      const data = interrupt?.payload.data as { correlation: JsonObject };
      performer.answer(nodeId, { ...data.correlation, id: nodeId });
    } else vote(world, performer, nodeId);
  } else if (performer.timers.some((timer) => timer.nodeId === nodeId)) {
    performer.wake(nodeId);
  } else {
    const [name = ""] = nodeId.split(":");
    const outputs = nodeId.endsWith(":undo") ? {} : world.work.get(name);
    if (outputs) performer.complete(nodeId, outputs);
    else performer.fail(nodeId);
  }
}

/** The next voter in turn; when those with an opinion have spoken, the rest accept. */
function vote({ votes }: World, performer: Performer, nodeId: string): void {
  const turn = performer.node(nodeId).interrupt?.votes.length ?? 0;
  const action = votes.get(nodeId)?.[turn] ?? "accept";
  performer.answer(nodeId, {
    action,
    ...(action === "refine" && { refineFeedback: { scope: "whole" } }),
  }, `voter-${turn}`);
}

/** Runs to the end; `choices` decide who is next. */
export function runOut(
  world: World,
  performer: Performer,
  choices: readonly number[] = [],
): void {
  performer.settle();
  for (let turn = 0; turn < 2_000; turn++) {
    const open = openEnds(performer);
    if (open.length === 0) return;
    const choice = choices[turn % Math.max(1, choices.length)] ?? 0;
    act(world, performer, open[choice % open.length]!);
  }
  throw new Error("the run does not come to an end");
}

/** What became of the run, without times. */
export function outcomeOf({ state }: Performer): unknown {
  const timeless = (outputs: JsonObject = {}): JsonObject => {
    const { decidedAt: _, ...rest } = outputs;
    return rest;
  };
  return {
    status: state.status,
    outputs: timeless(state.outputs),
    error: state.error?.code,
    nodes: [...state.nodes].map(([id, { status, outputs, error }]) => ({
      id,
      status,
      outputs: timeless(outputs),
      error: error?.code,
    })),
  };
}
