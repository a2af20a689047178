import assert from "node:assert/strict";
import {
  fold,
  initialState,
  type LogDraft,
  plan,
  wake,
} from "../../../src/engine/mod.ts";
import type {
  RunEvent,
  WorkflowDefinition,
} from "../../../src/openwop/protocol/mod.ts";
import { define, edge, node, record } from "./support.ts";

/** Steps in a row, each of which takes what the one before gave. */
export function chain(length: number, typeId: string): WorkflowDefinition {
  const ids = Array.from({ length }, (_, i) => `n${i}`);
  return define(
    ids.map((id, i) =>
      node(id, typeId, {
        inputs: {
          v: i === 0
            ? { type: "static", value: 1 }
            : { type: "connection", nodeId: `n${i - 1}`, outputKey: "v" },
        },
      })
    ),
    ids.slice(1).map((id, i) => edge(`n${i}`, id)),
  );
}

/** Branches that begin together, and their join. */
export function fan(width: number): WorkflowDefinition {
  const ids = Array.from({ length: width }, (_, i) => `n${i}`);
  return define(
    [node("root"), ...ids.map((id) => node(id)), node("join")],
    ids.flatMap((id) => [edge("root", id), edge(id, "join")]),
  );
}

/** Runs to the end with one fold and one decision per event; gives the number of events. */
export function runEventByEvent(definition: WorkflowDefinition): number {
  let state = initialState(definition);
  let sequence = 0;
  const take = (draft: LogDraft): void => {
    const event: RunEvent = record(draft, sequence++);
    state = fold(definition, state, [event]);
  };
  take({ type: "run.started", payload: { workflowId: "flow" } });
  for (;;) {
    const { events, work } = plan(definition, state);
    events.forEach(take);
    if (events.length > 0) continue;
    const command = work.find((part) => part.length > 0)?.[0];
    if (command === undefined) break;
    const { nodeId = "" } = command;
    if (command.kind === "wait") {
      wake(definition, state, nodeId, "2026-01-01T00:00:00.000Z").forEach(take);
    } else {
      const payload = { nodeId, outputs: command.inputs };
      take({ type: "node.completed", payload, nodeId });
    }
  }
  assert.equal(state.status, "completed");
  return sequence;
}

/** A loop of one step, so many rounds. */
export function loop(rounds: number): WorkflowDefinition {
  return define(
    [
      node("work"),
      node("loop", "tutti.repeat", {
        config: {
          body: ["work"],
          until: { op: "truthy" },
          maxIterations: rounds,
          onLimit: "continue",
        },
      }),
    ],
    [edge("work", "loop")],
  );
}

/** A list, all items of which are under way at once, or eight at a time. */
export function list(length: number, concurrency: number): WorkflowDefinition {
  return define([
    node("all", "tutti.forEach", {
      config: { nodeTypeId: "test.work", concurrency },
      inputs: {
        items: {
          type: "static",
          value: Array.from({ length }, (_, n) => n),
        },
      },
    }),
  ]);
}

/** Delays of all kinds of length, all of them at once. */
export function delays(count: number): WorkflowDefinition {
  const at = Array.from({ length: count }, (_, n) => n);
  return define(at.map((n) =>
    node(`n${n}`, "core.delay", {
      inputs: { delayMs: { type: "static", value: 10 + n } },
    })
  ));
}
