import assert from "node:assert/strict";
import {
  type ChildCommand,
  childEnded,
  type Command,
  decide,
  dispatched,
  fold,
  initialState,
  type LogDraft,
  type NodeState,
  plan,
  resolveInterrupt,
  type ResolveOutcome,
  type RunCommand,
  type RunOptions,
  type RunState,
  type SuspendCommand,
  type WaitCommand,
  wake,
  workEnded,
} from "../../../src/engine/mod.ts";
import type {
  JsonObject,
  JsonValue,
  RunEvent,
  Subject,
  WorkflowDefinition,
} from "../../../src/openwop/protocol/mod.ts";
import { isTerminalEvent } from "../../../src/openwop/protocol/mod.ts";

import { define, node, type NodeOptions } from "./definitions.ts";
export * from "./definitions.ts";

export function subject(subjectId: string): Subject {
  return {
    issuer: "urn:test",
    subjectId,
    tenant: "acme",
    lane: "api-key",
    kind: "user",
  };
}

export const start: number = Date.UTC(2026, 0, 1);

/** Times are one second apart, so that each tells its event. */
export function timeOf(sequence: number): string {
  return new Date(start + sequence * 1000).toISOString();
}

/** Gives a draft what a host gives it. */
export function record(draft: LogDraft, sequence: number): RunEvent {
  return {
    eventId: `event-${String(sequence).padStart(12, "0")}`,
    runId: "acme/run-0000000000000000",
    timestamp: timeOf(sequence),
    sequence,
    schemaVersion: 1,
    ...draft,
  };
}

/** A host in the smallest form: a log in memory, nothing under way but what the test says. */
export class Performer {
  readonly definition: WorkflowDefinition;
  readonly log: RunEvent[] = [];
  state: RunState;

  constructor(
    definition: WorkflowDefinition,
    history: readonly RunEvent[] = [],
    options: RunOptions = {},
  ) {
    this.definition = definition;
    this.state = initialState(definition, options);
    for (const event of history) this.#take(event);
  }

  /** A run that has done what follows from its start. */
  static started(
    definition: WorkflowDefinition,
    inputs: JsonObject = {},
    options: RunOptions = {},
  ): Performer {
    const performer = new Performer(definition, [], options);
    performer.#tell([{
      type: "run.started",
      payload: { workflowId: definition.id, inputs },
    }]);
    return performer;
  }

  append(drafts: readonly LogDraft[]): void {
    for (const draft of drafts) this.#take(record(draft, this.log.length));
  }

  /** Something happens, and all that follows from it: whoever asks for both at once is told the same. */
  #tell(drafts: readonly LogDraft[]): void {
    const at = timeOf(this.log.length);
    const both = plan(this.definition, this.state, drafts).events;
    const known = plan(this.definition, this.state, drafts, at);
    assert.deepEqual(known.events, both);
    const events = both.map((draft, n) => ({
      ...record(draft, this.log.length + n),
      timestamp: at,
    }));
    assert.deepEqual(known.state, fold(this.definition, this.state, events));
    this.append(drafts);
    const then = plan(this.definition, this.state).events;
    // A very long batch ends somewhere.
    const last = Math.max(both.length, 4_000);
    assert.deepEqual(both, [...drafts, ...then].slice(0, last));
    this.settle();
  }

  #take(event: RunEvent): void {
    this.log.push(event);
    this.state = fold(this.definition, this.state, [event]);
  }

  /** Performs what `decide` says until it has nothing new to say. */
  settle(): readonly Command[] {
    for (;;) {
      const commands = decide(this.definition, this.state);
      let moved = false;
      for (const command of commands) {
        if (command.kind === "append") this.append([command.event]);
        else if (command.kind === "suspend") this.#suspend(command);
        else continue;
        moved = true;
      }
      if (moved) continue;
      assert.deepEqual(decide(this.definition, this.state), commands);
      return commands;
    }
  }

  #suspend({ nodeId, payload, asked }: SuspendCommand): void {
    const { kind, key } = payload;
    const interruptId = `interrupt-${this.log.length}`;
    if (!asked) {
      this.append([{ type: "interrupt.requested", payload, nodeId }]);
    }
    this.append([{
      type: "node.suspended",
      payload: { nodeId, interruptId, kind, key },
      nodeId,
    }]);
  }

  get running(): readonly RunCommand[] {
    return decide(this.definition, this.state)
      .filter((command) => command.kind === "run");
  }

  get timers(): readonly WaitCommand[] {
    return decide(this.definition, this.state)
      .filter((command) => command.kind === "wait");
  }

  get children(): readonly ChildCommand[] {
    return decide(this.definition, this.state)
      .filter((command) => command.kind === "child");
  }

  complete(nodeId: string, outputs: JsonObject = {}): void {
    this.#tell(workEnded(this.definition, this.state, {
      type: "node.completed",
      payload: { nodeId, outputs },
      nodeId,
    }));
  }

  fail(nodeId: string, code = "broken", retryable?: boolean): void {
    const error = {
      code,
      message: `Cannot do ${nodeId}: it is broken`,
      ...(retryable !== undefined && { retryable }),
    };
    this.#tell(workEnded(this.definition, this.state, {
      type: "node.failed",
      payload: { nodeId, error },
      nodeId,
    }));
  }

  /** What the host tells of the child run of a node: that it is there, its outputs, or that it has failed. */
  child(nodeId: string, told: "running" | "failed" | JsonObject): void {
    const command = this.children.find((each) => each.nodeId === nodeId);
    assert.ok(command, `${nodeId} wants no child`);
    const runId = `acme/child-${nodeId}-${command.visit}-${command.attempt}`;
    const { workflowId } = command;
    this.#tell(
      told === "running"
        ? dispatched(this.definition, this.state, nodeId, {
          runId,
          workflowId,
          status: "running",
        })
        : childEnded(this.definition, this.state, nodeId, {
          runId,
          variables: {},
          ...(told === "failed"
            ? {
              status: "failed",
              error: { code: "broken", message: "It broke" },
            }
            : { status: "completed", outputs: told }),
        }),
    );
  }

  /** Lets the timer of a node end, without a name that of the run. */
  wake(nodeId?: string): void {
    const at = timeOf(this.log.length);
    this.#tell(wake(this.definition, this.state, nodeId, at));
  }

  answer(nodeId: string, value: JsonValue, by = "ann"): ResolveOutcome {
    const outcome = resolveInterrupt(this.definition, this.state, nodeId, {
      value,
      by: subject(by),
      at: timeOf(this.log.length),
    });
    if (outcome.ok) {
      this.#tell(outcome.events);
    }
    return outcome;
  }

  node(id: string): NodeState {
    const state = this.state.nodes.get(id);
    assert.ok(state, `there is no node ${id}`);
    return state;
  }

  /** `type` or `type nodeId` of each event. */
  get story(): readonly string[] {
    return this.log.map((event) =>
      event.nodeId === undefined ? event.type : `${event.type} ${event.nodeId}`
    );
  }
}

/** A run of a single approval, which waits for its answer. */
export function gate(
  config: JsonObject = {},
  more: NodeOptions = {},
): Performer {
  return Performer.started(define([
    node("gate", "core.approvalGate", { ...more, config }),
  ]));
}

/** What an answer to that approval was refused with; fails where it was taken or changed something. */
export function refusal(
  performer: Performer,
  value: JsonValue,
  by = "ann",
): { readonly code: string; readonly message: string } {
  const before = performer.log.length;
  const outcome = performer.answer("gate", value, by);
  assert.ok(!outcome.ok, "the answer was taken");
  assert.equal(performer.log.length, before);
  return outcome;
}

/** Status by node. */
export function statuses(state: RunState): Record<string, string> {
  return Object.fromEntries(
    [...state.nodes].map(([id, { status }]) => [id, status]),
  );
}

/** A state as plain values, so that two of them compare by content. */
export function plain(state: RunState): unknown {
  return {
    ...state,
    nodes: [...state.nodes],
    agenda: {
      due: [...state.agenda.due],
      running: [...state.agenda.running],
      waiting: [...state.agenda.waiting],
    },
  };
}

/** Throws where a log is not one that a host may write. */
export function assertLegal(log: readonly RunEvent[]): void {
  const nodes = new Map<
    string,
    "started" | "suspended" | "retried" | "ended"
  >();
  const loops = new Set<string>();
  // What belongs to a loop may begin again once the loop has had another round.
  let again = false;
  const keys = new Set<string>();
  const open = new Map<string, string>();
  log.forEach((event, index) => {
    const where = `event ${index}, ${event.type} ${event.nodeId ?? ""}`;
    assert.equal(event.sequence, index, where);
    assert.equal(event.type === "run.started", index === 0, where);
    if (isTerminalEvent(event.type)) {
      assert.equal(index, log.length - 1, `${where}: it is not the last`);
    }
    const id = event.nodeId;
    if (id === undefined) return;
    const before = nodes.get(id);
    switch (event.type) {
      case "node.started":
        assert.ok(
          before === undefined || before === "retried" ||
            (before === "ended" && (again || id.endsWith(":undo"))),
          where,
        );
        if (event.payload.typeId === "tutti.repeat") loops.add(id);
        nodes.set(id, "started");
        break;
      case "node.retried":
        assert.equal(before, "started", where);
        if (loops.has(id)) again = true;
        nodes.set(id, "retried");
        break;
      case "node.completed":
      case "node.failed":
        assert.equal(before, "started", where);
        nodes.set(id, "ended");
        break;
      case "node.cancelled":
        assert.ok(before !== undefined && before !== "ended", where);
        nodes.set(id, "ended");
        break;
      case "node.skipped":
        assert.ok(before === undefined || (again && before === "ended"), where);
        nodes.set(id, "ended");
        break;
      case "interrupt.requested":
        assert.equal(before, "started", where);
        assert.ok(!keys.has(event.payload.key), `${where}: asked twice`);
        keys.add(event.payload.key);
        break;
      case "node.suspended":
        assert.equal(before, "started", where);
        assert.ok(keys.has(event.payload.key ?? ""), `${where}: never asked`);
        open.set(id, event.payload.interruptId);
        nodes.set(id, "suspended");
        break;
      case "approval.received":
        assert.equal(before, "suspended", where);
        assert.ok(open.has(id), `${where}: it was answered before`);
        break;
      case "interrupt.resolved":
        assert.equal(open.get(id), event.payload.interruptId, where);
        open.delete(id);
        break;
      case "node.resumed":
        assert.equal(before, "suspended", where);
        assert.ok(!open.has(id), `${where}: it is not answered`);
        nodes.set(id, "started");
        break;
    }
  });
}
