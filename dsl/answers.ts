// Web standards only.
import { wanted, within } from "./given.ts";
import { filled } from "./present.ts";
import type { JsonObject, JsonValue } from "../src/openwop/protocol/mod.ts";
import { present } from "./present.ts";

/** An acceptance, in the words of the protocol. */
export interface Acceptance {
  /** What was decided. */
  readonly action: "accept";
  /** The words of the approver. */
  readonly feedback?: string;
}

/** A rejection, in the words of the protocol. */
export interface Rejection {
  /** What was decided. */
  readonly action: "reject";
  /** The words of the approver. */
  readonly feedback?: string;
}

/** An acceptance of an edited version, in the words of the protocol. */
export interface EditedAcceptance<Edited> {
  /** What was decided. */
  readonly action: "edit-accept";
  /** The edited version. */
  readonly editedArtifactData: Edited;
  /** The words of the approver. */
  readonly feedback?: string;
}

/** A wish for changes, in the words of the protocol. */
export interface Refinement {
  /** What was decided. */
  readonly action: "refine";
  /** What to change. */
  readonly refineFeedback: { readonly scope: "whole"; readonly text: string };
}

/** Answers of several people, by name. */
export interface Votes<Answer> {
  /** What each of them says. */
  readonly votes: Readonly<Record<string, Answer>>;
}

/** Any answer that is an object, or votes. */
export type AnyAnswer = AnyWords | Votes<AnyWords>;

/** One of the four answers to an approval, or the words of the protocol. */
export type AnyWords =
  | JsonObject
  | Acceptance
  | Rejection
  | EditedAcceptance<JsonValue>
  | Refinement;

/**
 * The answer that accepts, for a plan.
 *
 * @param comment Words of the approver.
 */
export function accept(comment?: string): Acceptance {
  return {
    action: "accept",
    ...present({ feedback: comment }),
  };
}

/**
 * The answer that rejects, for a plan.
 *
 * @param comment Words of the approver.
 */
export function reject(comment?: string): Rejection {
  return {
    action: "reject",
    ...present({ feedback: comment }),
  };
}

/**
 * The answer that accepts an edited version, for a plan.
 *
 * @param edited The edited version.
 * @param comment Words of the approver.
 */
export function acceptEdited<Edited>(
  edited: Edited,
  comment?: string,
): EditedAcceptance<Edited> {
  return {
    action: "edit-accept",
    editedArtifactData: edited,
    ...present({ feedback: comment }),
  };
}

/**
 * The answer that sends it back, for a plan.
 *
 * @param text What to change.
 */
export function refine(text: string): Refinement {
  return { action: "refine", refineFeedback: { scope: "whole", text } };
}

/**
 * The answers of several people to an approval, for a plan: each in a name of their own, one after the other, until they
 * suffice. Also for a single person who may answer where you may not. `execute()` is told with which client each of them
 * does it.
 *
 * @param byPerson `accept()`, `reject()` and their like, by the name that `execute()` gets the client by.
 *
 * @example
 * ```ts
 * import { accept, reject, votes, workflow } from "@tutti/sdk/dsl";
 * import { createHost } from "@tutti/sdk/host";
 * import { OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const release = workflow("release", { version: "1.0.0" }).input()
 *   .approval("board", () => ({ title: "Release it?" }), { quorum: 2, rejection: "majority" })
 *   .output(({ board }) => ({ last: board.decidedBy }))
 *   .build();
 * const host = createHost({
 *   workflows: [release],
 *   subject: (request) => request.headers.get("x-person") ?? "nobody",
 * });
 * const as = (person: string) =>
 *   new OpenwopClient({ baseUrl: host.url, fetch: host.fetch, headers: { "x-person": person } });
 *
 * const { output } = await release.run({})
 *   .on("board", votes({ ann: accept(), bob: reject("too early"), cem: accept() }))
 *   .execute(as("ci"), { as });
 * assert.deepEqual(output, { last: "cem" });
 * await host.close();
 * ```
 */
export function votes<Answer>(
  byPerson: Readonly<Record<string, Answer>>,
): Votes<Answer> {
  within(
    "votes",
    () => wanted("votes", "object", filled(byPerson ?? {})),
  );
  return { votes: byPerson };
}
