// Web standards only.
import type { PendingInterrupt, RunHandle } from "../src/openwop/mod.ts";
import {
  isTerminalStatus,
  type JsonObject,
  type RunEvent,
} from "../src/openwop/protocol/mod.ts";
import type {
  AnyQuestion,
  ExecuteOptions,
  GivenAnswer,
  PlanClient,
  PlanSpec,
} from "./plan_types.ts";
import { answerAt } from "./given.ts";
import { filled, present } from "./present.ts";
import { checkAnswer, questionOf, saidIn, say } from "./plan_vote.ts";

/** A run that is followed: the planned one, or one below it. */
interface Followed {
  readonly run: RunHandle;
  /** What the names of its questions begin with: nothing, or `review.`. */
  readonly path: string;
  /** For which entries of lists it is, from the outside in. */
  readonly items: readonly number[];
}

/** A child that is followed, and the end of that. */
interface Child {
  readonly run: RunHandle;
  readonly followed: Promise<void>;
  isRead: boolean;
}

/** A question that is open, as far as the log was read. */
interface Question {
  readonly at: Followed;
  /** Which kind of event told of it. */
  readonly type: string;
  /** Tells whoever thinks about the answer that nobody waits for it any more. */
  readonly closed: AbortController;
}

/** What an end of a question looks like. */
const closing =
  /^(interrupt\.resolved|node\.(resumed|completed|failed|skipped|cancelled))$/;

/**
 * Follows a run to its end, and its children as long as it goes on, and answers what the plan answers. A child is found
 * by the event of its parent that tells of it, and followed only where the plan may have an answer for it.
 *
 * @param options Who votes with which client.
 * @param inherited What was answered in the run that this one was forked from.
 * @param signal Ends it; children that outlive their parent are followed until then.
 * @param see Is told the events of the run itself.
 */
export async function follow(
  run: RunHandle,
  spec: PlanSpec,
  { runs }: PlanClient,
  options: ExecuteOptions,
  inherited: readonly GivenAnswer[],
  signal: AbortSignal,
  answers: GivenAnswer[],
  see: (event: RunEvent) => void,
): Promise<void> {
  const rounds = new Map<string, number>();
  const children = new Map<string, Child>();
  const open = new Map<string, Question>();
  const answering: Promise<void>[] = [];
  const names = [...spec.answers.keys()];
  const call = { signal };
  let fail: (reason: unknown) => void;
  const failing = new Promise<never>((_, reject) => fail = reject);

  async function attend(
    at: Followed,
    see?: (event: RunEvent) => void,
  ): Promise<void> {
    try {
      for await (const event of at.run.events(call)) {
        see?.(event);
        const { type, nodeId } = event;
        if (nodeId === undefined) continue;
        const id = idOf(at, nodeId);
        const question = open.get(id);
        if (type === "node.dispatched") descend(at, nodeId, event.payload);
        else if (closing.test(type)) {
          question?.closed.abort();
          open.delete(id);
        } else if (
          // A host may write either or both; one that waits for a child may say that it is suspended too.
          (type === "interrupt.requested" ||
            type === "node.suspended" && !children.has(id)) &&
          // The same kind again is a question of its own: a loop that goes back closes none.
          (question?.type ?? type) === type
        ) {
          question?.closed.abort();
          const closed = new AbortController();
          open.set(id, { at, type, closed });
          await answer(at, nodeId, closed.signal);
        }
      }
    } finally {
      // A run that has ended asks nothing any more, nor do its children when the planned run has.
      for (const question of open.values()) {
        if (question.at === at || !at.path) question.closed.abort();
      }
    }
  }

  function descend(
    at: Followed,
    nodeId: string,
    { childRunId }: { readonly childRunId: string },
  ): void {
    const id = idOf(at, nodeId);
    const before = children.get(id);
    // Told again whenever it begins or ceases to wait.
    if (before?.run.id === childRunId) return;
    const [name = "", item] = nodeId.split(/:(?=\d+$)/);
    const path = `${at.path}${name}.`;
    if (
      spec.any === undefined && !names.some((each) => each.startsWith(path))
    ) {
      return;
    }
    const run = runs.handle(childRunId);
    const items = item === undefined ? at.items : [...at.items, Number(item)];
    const begin = async (): Promise<void> => {
      // In a fork the log tells of several at once: what they asked is counted in the order of their runs.
      if (before) await untilRead(before);
      await attend({ run, path, items });
      child.isRead = true;
    };
    const child: Child = {
      run,
      isRead: false,
      followed: begin().catch(fail),
    };
    children.set(id, child);
  }

  /** Looks for the question, and goes on to answer it while its log is read on. */
  async function answer(
    { run, path, items }: Followed,
    nodeId: string,
    signal: AbortSignal,
  ): Promise<void> {
    const name = path + nodeId;
    const asked = askedAs({ name, items });
    const round = rounds.get(asked) ?? 0;
    rounds.set(asked, round + 1);
    const planned = spec.answers.has(name) ? spec.answers.get(name) : spec.any;
    if (planned === undefined) return;
    const pending = await run.interrupt(nodeId).get(call);
    if (!pending) {
      // What lies before a fork was answered in the run that it came from.
      answers.push(
        ...inherited.filter((each) =>
          each.round === round && askedAs(each) === asked
        ),
      );
      return;
    }
    const { kind, payload } = pending;
    const asks = { name, kind: payload?.kind ?? kind, round, items, signal };
    const done = (async () => {
      const said = typeof planned === "function"
        ? await Promise.race([
          // First, so that what the function throws because of it is too late.
          new Promise((resolve) => signal.addEventListener("abort", resolve)),
          planned({ ...asks, data: shown(payload?.data) }),
        ])
        : planned;
      if (signal.aborted) return;
      const answer = answerAt(name, said);
      await checkAnswer(spec, name, answer, options);
      await tell(pending, answer, asks);
    })();
    answering.push(done);
    done.catch(fail);
  }

  async function tell(
    pending: PendingInterrupt,
    said: unknown,
    { name, round, items }: Pick<AnyQuestion, "name" | "round" | "items">,
  ): Promise<void> {
    try {
      for (const [by, answer] of saidIn(said)) {
        const theirs = by === undefined
          ? pending
          : await questionOf(by, options, pending, call);
        if (!theirs) break;
        await say(theirs, answer, by, call);
        const whose = present({ items: filled(items), by });
        answers.push({ name, round, ...whose, answer });
      }
    } catch (error) {
      // Somebody else was faster, or the run does not want to know any more.
      if (!hasCode(error, "interrupt-not-pending")) throw error;
    }
  }

  async function attendAll(): Promise<void> {
    await attend({ run, path: "", items: [] }, see);
    // The answer to a child may end its parent before the host has confirmed it.
    await Promise.all(answering);
    // And a child that has ended, as those in the log of a fork have, before it was read.
    for (const child of children.values()) await untilRead(child);
  }

  /** Waits until a child that has ended was read to its end. */
  async function untilRead({ run, followed, isRead }: Child): Promise<void> {
    if (!isRead && isTerminalStatus(await run.status(call))) await followed;
  }

  await Promise.race([attendAll(), failing]);
}

/** By its code: the classes, whose messages are long, are the business of the client. */
export function hasCode(error: unknown, code: string): boolean {
  return (error as { readonly code?: unknown } | undefined)?.code === code;
}

/** A question of the plan, for the entries that it is asked for. */
function askedAs(
  { name, items }: Pick<GivenAnswer, "name" | "items">,
): string {
  return `${name} ${items ?? ""}`;
}

/** A node of one of the runs that are followed. */
function idOf({ run }: Followed, nodeId: string): string {
  return `${run.id} ${nodeId}`;
}

/** What the author of the workflow showed, apart from the frame that the protocol puts around it. */
function shown(data: unknown): unknown {
  const { artifactData, correlation } = (data ?? {}) as JsonObject;
  return artifactData ?? correlation ?? data ?? {};
}
