// Web standards only.
import {
  type AskedInterrupt,
  type CallOptions,
  InvalidArgumentError,
  type PendingInterrupt,
} from "../src/openwop/mod.ts";
import { isJsonObject, type JsonValue } from "../src/openwop/protocol/mod.ts";
import type { ExecuteOptions, PlanClient, PlanSpec } from "./plan_types.ts";

/** Who says what: votes by person, or one answer of whoever carries out the plan. */
export type Said = readonly (readonly [by: string | undefined, JsonValue])[];

/** What an answer comes to. The words of the protocol for an approval have an `action` themselves. */
export function saidIn(answer: unknown): Said {
  const votes = isJsonObject(answer) && answer["votes"];
  return isJsonObject(votes) &&
      Object.values(votes).every((vote) => isJsonObject(vote) && vote["action"])
    ? Object.entries(votes as Readonly<Record<string, JsonValue>>)
    : [[undefined, answer as JsonValue]];
}

/**
 * The client of `person`.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, where nobody said with which one that person answers.
 */
export function clientOf(
  person: string,
  { as }: Pick<ExecuteOptions, "as">,
): PlanClient {
  const client = typeof as === "function" ? as(person) : undefined;
  if (client) return client;
  throw new InvalidArgumentError(
    "options.as",
    `the plan votes as ${JSON.stringify(person)}, and no client is theirs`,
    {
      hint:
        "execute(client, { as: (person) => theirs }): a host knows them by their credential",
    },
  );
}

/** Refuses votes of people without a client, as far as they are known before the run. */
export function checkVoters(spec: PlanSpec, options: ExecuteOptions): void {
  for (const answer of [...spec.answers.values(), spec.any]) {
    for (const [by] of saidIn(answer)) {
      if (by !== undefined) clientOf(by, options);
    }
  }
  for (const fork of spec.forks) checkVoters(fork.spec, options);
}

/** The question as `person` sees it; nothing where enough votes have closed it, also if a loop has asked again. */
export async function questionOf(
  person: string,
  options: ExecuteOptions,
  { runId, nodeId, sequence }: AskedInterrupt,
  call: CallOptions,
): Promise<PendingInterrupt | undefined> {
  const run = clientOf(person, options).runs.handle(runId);
  const question = await run.interrupt(nodeId).get(call);
  return question?.sequence === sequence ? question : undefined;
}

/** Answers `question`. */
export async function say(
  question: PendingInterrupt,
  said: JsonValue,
  by: string | undefined,
  call: CallOptions,
): Promise<void> {
  const { action, feedback } = (said ?? {}) as Readonly<
    Record<string, JsonValue>
  >;
  const vote = by !== undefined &&
    (action === "accept" || action === "reject") &&
    "accept" in question && question[action];
  // For hosts that believe the answer who gives it.
  if (vote) await vote({ comment: feedback as string, by }, call);
  else await question.resolve(said as never, call);
}
