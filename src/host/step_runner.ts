// Web standards only.
import { questionOfStep, stepQuestionKey, workEnded } from "../engine/mod.ts";
import type { InterruptAnswer, LogDraft, RunCommand } from "../engine/mod.ts";
import type { Clock } from "../http/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { JsonObject, StepInterrupt } from "../openwop/protocol/mod.ts";
import { Activity, executionKey } from "./activity.ts";
import type { Propose } from "./commits.ts";
import { withConsequences } from "./drafts.ts";
import { executionIdOf, interruptIdAt } from "./ids.ts";
import { copyJson } from "./json_value.ts";
import type { LiveRun } from "./live_run.ts";
import { perform } from "./perform.ts";
import type { ErrorSink } from "./run_view.ts";

/** How what is under way writes to its run and moves it on. */
export interface Mover {
  /** For how long a step took. */
  readonly clock: Clock;
  /** Failures of steps. */
  readonly onError: ErrorSink;
  /** The most bytes of what a step gives. */
  readonly outputBytes: number | undefined;
  /** Queues a job behind all others of the run. */
  enqueue(run: LiveRun, job: () => Promise<void>): void;
  /** Appends what `propose` gives for the latest state. */
  commit(run: LiveRun, propose: Propose): Promise<unknown>;
  /** Does what is to be done next. */
  advance(run: LiveRun): Promise<void>;
}

/**
 * Starts the code of a node. From the moment that the run no longer holds the activity, nothing that the code logs,
 * gives back or throws goes anywhere, whether it minds its signal or not.
 */
export function startStep(
  mover: Mover,
  run: LiveRun,
  command: RunCommand,
): void {
  const { nodeId, typeId, visit } = command;
  const { runId, definition } = run.record;
  const implementation = run.nodes.get(typeId);
  if (implementation === undefined) {
    throw new Error(`Cannot run node "${nodeId}": "${typeId}" is not here`);
  }
  const activity = new Activity(command, mover.clock);
  run.activities.set(nodeId, activity);
  const isCurrent = () => run.activities.get(nodeId) === activity;
  const write = (
    propose: (lines: readonly LogDraft[], now: number) => ReturnType<Propose>,
  ): Promise<void> =>
    activity.record((lines) =>
      mover.commit(
        run,
        (now) => isWanted(run, command) ? propose(lines, now) : [],
      )
    );
  const flush = (): void =>
    mover.enqueue(run, async () => {
      if (isCurrent()) await write((lines) => lines);
    });

  perform({
    command,
    implementation,
    runId,
    maxBytes: mover.outputBytes,
    idempotencyKey: executionIdOf(runId, definition, nodeId, visit),
    signal: activity.signal,
    log: (level, message, fields) => {
      if (isCurrent() && activity.addLine(level, message, fields)) flush();
    },
    emit: (type, payload) => {
      if (!isCurrent()) return Promise.resolve();
      const { isFirst, recorded } = activity.addEvent(
        eventOf(type, payload, nodeId, runId),
      );
      if (isFirst) flush();
      return recorded;
    },
    interrupt: asker(mover, run, command, activity),
    onThrow: (error) => {
      if (isCurrent()) mover.onError(error, runId, nodeId);
    },
  }).then((outcome) => {
    const end = activity.timed(outcome);
    mover.enqueue(run, async () => {
      if (!isCurrent()) return;
      await write((lines, now) =>
        withConsequences(run, [
          ...lines,
          ...workEnded(definition, run.state, end),
        ], now)
      );
      // Nobody else knows the outcome, so that it stays here until it is kept.
      run.activities.delete(nodeId);
      await mover.advance(run);
    });
  });
}

function eventOf(
  type: string,
  payload: JsonObject,
  nodeId: string,
  runId: string,
): LogDraft {
  return type === "output.chunk"
    ? {
      type,
      nodeId,
      // Checked when it was emitted.
      payload: {
        nodeId,
        runId,
        ...payload as { chunk: string; isLast: boolean },
      },
    }
    : { type: "unknown", wireType: type, nodeId, payload };
}

/** The `interrupt` of a step. The first unanswered question ends the execution. */
function asker(
  mover: Mover,
  run: LiveRun,
  command: RunCommand,
  activity: Activity,
): <Answer>(question: StepInterrupt) => Promise<Answer> {
  const { nodeId, answers } = command;
  let calls = 0;
  return <Answer>(question: StepInterrupt): Promise<Answer> => {
    const { name = `question-${++calls}`, ...asked } = question;
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
      return Promise.reject(
        new TypeError(
          "Cannot ask: a name has 1 to 64 characters of A-Z a-z 0-9 . _ -",
        ),
      );
    }
    const answer = answers?.get(stepQuestionKey(run.state, nodeId, name));
    if (answer !== undefined) return settled<Answer>(answer, name);
    let data: typeof asked.data;
    try {
      data = copyJson(asked.data);
    } catch (error) {
      // For the step to deal with: the run as such could go on.
      return Promise.reject(error);
    }
    let reject!: (error: unknown) => void;
    const asking = new Promise<Answer>((_, refuse) => reject = refuse);
    const give = (): void => {
      // A step that did not wait for it must not end the process when nobody waits for the step.
      asking.catch(() => {});
      reject(activity.signal.reason);
    };
    if (activity.signal.aborted) {
      give();
      return asking;
    }
    activity.signal.addEventListener("abort", give, { once: true });
    mover.enqueue(run, async () => {
      if (run.activities.get(nodeId) !== activity) return;
      const payload = questionOfStep(
        run.record.definition,
        run.state,
        nodeId,
        {
          name,
          ...asked,
          data,
        },
      );
      if (!("kind" in payload)) {
        activity.signal.removeEventListener("abort", give);
        return reject(
          Object.assign(new Error(payload.message), {
            code: payload.code,
            retryable: false,
          }),
        );
      }
      const { kind, key } = payload;
      await activity.record((lines) =>
        mover.commit(run, () => {
          if (!isWanted(run, command)) return [];
          const sequence = run.state.lastSequence + 2 + lines.length;
          const interruptId = interruptIdAt(run.record.runId, sequence);
          return [
            ...lines,
            { type: "interrupt.requested", nodeId, payload },
            {
              type: "node.suspended",
              nodeId,
              payload: { nodeId, interruptId, kind, key },
            },
          ];
        })
      );
      run.activities.delete(nodeId);
      activity.abort();
      await mover.advance(run);
    });
    return asking;
  };
}

function settled<Answer>(
  { kind, value, decision }: InterruptAnswer,
  name: string,
): Promise<Answer> {
  if (decision === "rejected" && kind !== "approval") {
    return Promise.reject(
      Object.assign(
        new Error(`Cannot go on: "${name}" was not answered in time`),
        { code: "interrupt_timeout", retryable: false },
      ),
    );
  }
  return Promise.resolve(copyJson(value) as Answer);
}

/** Whether the log still waits for this execution: not cancelled, not failed from elsewhere, not cut, not started again. */
function isWanted(run: LiveRun, command: RunCommand): boolean {
  const node = run.state.nodes.get(command.nodeId);
  return node?.status === "running" && !isTerminalStatus(run.state.status) &&
    node.retry === undefined && !node.cut && executionKey({
        visit: node.visits,
        attempt: node.attempt,
        ...(node.answers && { answers: node.answers }),
      }) === executionKey(command);
}
