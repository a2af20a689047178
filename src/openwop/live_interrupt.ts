// Web standards only.
import { HttpError, isJsonObject, own, refuse, within } from "../http/mod.ts";
import type { CallOptions, JsonObject, JsonValue } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { underOneKey } from "./idempotency.ts";
import type { InterruptsResource } from "./interrupts.ts";
import { spellAction } from "./protocol/mod.ts";
import type {
  ApprovalAction,
  Major,
  ResolveResponse,
  RunSnapshot,
} from "./protocol/mod.ts";
import { endOf } from "./run_end.ts";
import { InterruptNotPendingError } from "./run_errors.ts";
import type {
  AskedInterrupt,
  Decision,
  PendingInterrupt,
  RunInterrupt,
  RunWaitOptions,
} from "./run_interrupt.ts";
import { describeInterrupt } from "./run_log.ts";
import type { RunLog } from "./run_log.ts";

/** The questions of one run. */
export interface RunInterrupts {
  /** By the name of the node that asks. */
  at(name: string): RunInterrupt;
  /** Those that are open now. */
  list(options?: CallOptions): Promise<readonly PendingInterrupt[]>;
  /** The next one, whatever its name is. */
  next(options?: RunWaitOptions): Promise<PendingInterrupt>;
}

/** Makes them. Sends nothing. */
export function createRunInterrupts(
  api: OpenwopApi,
  get: (options: CallOptions) => Promise<RunSnapshot>,
  interrupts: InterruptsResource,
  id: string,
  log: RunLog,
): RunInterrupts {
  const { clock } = api.transport;

  const answerable = (open: AskedInterrupt): PendingInterrupt =>
    // The kind of the data says which answers the type shows.
    ({ ...at(open.nodeId, open), ...open }) as unknown as PendingInterrupt;

  /** Finds what the events did not say. */
  async function complete(
    open: AskedInterrupt,
    signal: AbortSignal,
  ): Promise<AskedInterrupt> {
    const { shownInterrupt } = await api.codec({ signal });
    if (open.payload || !shownInterrupt) return open;
    const shown = shownInterrupt(await get({ signal }));
    return shown?.nodeId === open.nodeId
      ? describeInterrupt(open, shown)
      : open;
  }

  async function untilOpen(
    find: () => AskedInterrupt | undefined,
    name: string,
    signal: AbortSignal,
    asked?: AskedInterrupt,
  ): Promise<AskedInterrupt> {
    // Only the whole log says which of its questions are still open.
    await log.catchUp(signal);
    if (!asked) await log.follow(() => find() !== undefined, signal);
    let open = find();
    if (open && (!open.payload || open.interruptId === undefined)) {
      // The other of the two events that tell of it is written together with the first.
      await log.catchUp(signal);
      open = find();
    }
    if (open && open.sequence === (asked ?? open).sequence) {
      return await complete(open, signal);
    }
    throw new InterruptNotPendingError(
      id,
      name,
      log.asked,
      log.end ? endOf(id, log.end) : new Error("it was closed, or asked anew"),
    );
  }

  const wait = (
    find: () => AskedInterrupt | undefined,
    name: string,
    options: RunWaitOptions = {},
  ): Promise<PendingInterrupt> =>
    within(
      clock,
      `the wait for interrupt ${JSON.stringify(name)}`,
      options,
      async (signal) => answerable(await untilOpen(find, name, signal)),
    );

  /** What is open now among those that `pick` gives. */
  const look = (
    pick: () => readonly (AskedInterrupt | undefined)[],
    options: CallOptions = {},
  ): Promise<PendingInterrupt[]> =>
    within(
      clock,
      `the look at the interrupts of run ${JSON.stringify(id)}`,
      options,
      async (signal) => {
        await log.catchUp(signal);
        const all: PendingInterrupt[] = [];
        for (const open of pick()) {
          if (open) all.push(answerable(await complete(open, signal)));
        }
        return all;
      },
    );

  /** @param asked The question that was looked at: answers are for it, and for no later one of that name. */
  function at(name: string, asked?: AskedInterrupt): RunInterrupt {
    const find = (): AskedInterrupt | undefined => log.pending(name);

    function answer(
      value: (open: AskedInterrupt, major: Major) => JsonValue,
      options: CallOptions = {},
    ): Promise<ResolveResponse> {
      const action = `the answer to interrupt ${JSON.stringify(name)}`;
      return underOneKey(
        options,
        (options) =>
          within(clock, action, options, async (signal) => {
            const { major } = await api.codec({ signal });
            const open = await untilOpen(find, name, signal, asked);
            const resumeValue = value(open, major);
            const call = { ...options, signal };
            try {
              if (open.kind !== "external-event" || open.token === undefined) {
                return await interrupts.resolve(id, name, resumeValue, call);
              }
              // Some hosts take events by their token only, and compare nothing otherwise.
              const answer = await interrupts.resolveByToken(
                open.token,
                resumeValue,
                call,
              );
              const { status = (await get(call)).status } = answer;
              return { runId: id, nodeId: name, status };
            } catch (error) {
              if (!isLate(error)) throw error;
              throw new InterruptNotPendingError(id, name, log.asked, error);
            }
          }),
      );
    }

    const decide = (
      action: ApprovalAction,
      { comment, by }: Decision = {},
      more?: JsonObject,
      options?: CallOptions,
    ): Promise<ResolveResponse> =>
      answer((open, major) => {
        const { data } = expectKind(open, "approval");
        const { actions } = data;
        const spelled = Array.isArray(actions)
          ? spellAction(action, actions) ??
            refuse(
              "action",
              `interrupt ${
                JSON.stringify(name)
              } does not offer "${action}", only: ${actions.join(", ")}`,
            )
          : action;
        // JSON leaves out what is undefined.
        return {
          action: spelled,
          feedback: comment,
          ...more,
          decidedBy: by,
          // Only hosts of version 1 let the answer say who votes.
          voter: major > 1 ? undefined : by,
          decidedAt: new Date(clock.now()).toISOString(),
        } as JsonObject;
      }, options);

    return {
      name,
      get: async (options) => (await look(() => [find()], options))[0],
      wait: (options) => wait(find, name, options),
      accept: (decision, options) =>
        decide("accept", decision, undefined, options),
      reject: (decision, options) =>
        decide("reject", decision, undefined, options),
      edit: (editedArtifactData, decision, options) =>
        decide("edit-accept", decision, { editedArtifactData }, options),
      refine: (changes, decision, options) =>
        decide("refine", decision, {
          refineFeedback: typeof changes === "string"
            ? { scope: "whole", text: changes }
            // An interface without an index signature is JSON all the same.
            : changes as unknown as JsonObject,
        }, options),
      ask: (question, decision, options) =>
        decide("ask", { ...decision, comment: question }, undefined, options),
      answer: (answers, options) =>
        answer((open) => {
          const { questions } = expectKind(open, "clarification").data;
          for (const { id } of asList(questions)) {
            if (typeof id === "string" && !Object.hasOwn(answers, id)) {
              refuse(`answers.${id}`, "every question wants an answer");
            }
          }
          return { answers };
        }, options),
      resolve: (value, options) =>
        answer((open) => {
          const { correlation } = expectKind(open, open.kind).data;
          if (open.kind === "external-event" && isJsonObject(correlation)) {
            checkEvent(value, correlation);
          }
          return value;
        }, options),
    };
  }

  return {
    at,
    list: (options) => look(() => log.open, options),
    next: (options) => wait(() => log.open[0], "any", options),
  };
}

/** What is known of the question; refuses an answer of another kind than the question. */
function expectKind(
  { nodeId, kind, payload }: AskedInterrupt,
  wanted: string,
): { readonly data: JsonObject } {
  if (kind !== wanted && kind !== "unknown") {
    refuse(
      "interrupt",
      `${JSON.stringify(nodeId)} is of kind "${kind}", not "${wanted}"`,
    );
  }
  const data = payload?.data as JsonValue | undefined;
  return { data: isJsonObject(data) ? data : {} };
}

function asList(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Refuses an event that the question does not wait for: not every host does. Source: v1 §10.6. */
function checkEvent(value: JsonValue, correlation: JsonObject): void {
  // Some write it one level down.
  if (own(value, "eventPayload") !== undefined) return;
  for (const [name, wanted] of Object.entries(correlation)) {
    const given = own(value, name);
    if (given !== wanted && (typeof wanted !== "object" || !given)) {
      refuse(`value.${name}`, `${JSON.stringify(wanted)} is wanted`);
    }
  }
}

/**
 * Whether the host says that a question which was open is not any more: every host has words of its own for that. Source:
 * v1 §10.5, v2 §9.4.
 */
function isLate(error: unknown): boolean {
  return HttpError.is(error) &&
    ([404, 409, 410].includes(error.status) ||
      error.platformCode === "interrupt_cancelled") &&
    !/^idempotency_/.test(error.platformCode ?? "");
}
