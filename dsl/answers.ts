// Web standards only.
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

/** Any answer that is an object: one of the four, or the words of the protocol. */
export type AnyAnswer =
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
