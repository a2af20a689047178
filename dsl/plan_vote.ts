// Web standards only.
import {
  type AskedInterrupt,
  type CallOptions,
  InvalidArgumentError,
  type PendingInterrupt,
} from "../src/openwop/mod.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../src/openwop/protocol/mod.ts";
import { checkEdited } from "./edits.ts";
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

/** Refuses answers that could not be given, as far as they are known before the run. */
export async function checkAnswers(
  spec: PlanSpec,
  options: ExecuteOptions,
): Promise<void> {
  for (const [name, answer] of [...spec.answers, ["", spec.any] as const]) {
    if (typeof answer !== "function") {
      await checkAnswer(spec, name, answer, options);
    }
  }
  for (const fork of spec.forks) await checkAnswers(fork.spec, options);
}

/**
 * Refuses votes of people without a client, and edited versions that the schema of the approval does.
 *
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export async function checkAnswer(
  { workflow }: PlanSpec,
  name: string,
  answer: unknown,
  options: ExecuteOptions,
): Promise<void> {
  for (const [by, said] of saidIn(answer)) {
    if (by !== undefined) clientOf(by, options);
    const { editedArtifactData } = (said ?? {}) as JsonObject;
    if (editedArtifactData !== undefined) {
      await checkEdited(
        `${name}.editedArtifactData`,
        // Those of a child lie below the step that runs it.
        name.split(".").reduce<unknown>(
          (known, step) => known instanceof Map ? known.get(step) : undefined,
          workflow.schemas,
        ),
        editedArtifactData,
      );
    }
  }
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
