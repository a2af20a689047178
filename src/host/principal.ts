// Web standards only.
import type { Subject } from "../openwop/protocol/mod.ts";
import { Refusal } from "./refusal.ts";

/** Names who is behind a request. */
export type SubjectSource = (request: Request) => string;

/** The caller of a request, as everything behind the edge sees it. */
export interface Principal {
  /** Whose runs it sees. */
  readonly tenant: string;
  /** Who acts. */
  readonly subject: Subject;
}

/**
 * Finds out who makes a request: the one place where callers get their identity.
 *
 * An embedded host trusts whoever can call it, so there is nothing to prove here, only a name to take.
 */
export function principalOf(
  request: Request,
  tenant: string,
  source: SubjectSource,
): Principal {
  const subjectId = source(request);
  // v2 §4, grammar of subjectId.
  if (typeof subjectId !== "string" || !/^[^\s/]{1,256}$/.test(subjectId)) {
    throw new Refusal(
      401,
      "unauthenticated",
      "Cannot tell who makes the request: a subject id of 1 to 256 characters without white space or / is wanted",
      undefined,
      { "www-authenticate": "Bearer" },
    );
  }
  return {
    tenant,
    subject: {
      issuer: "urn:tutti:embedded",
      subjectId,
      tenant,
      lane: "session",
      kind: "user",
    },
  };
}
