// Web standards only.
import type { Subject } from "../openwop/protocol/mod.ts";
import { isSubject, isTenant, SUBJECT_RULE } from "./access.ts";
import type { Access } from "./access.ts";
import { Refusal } from "./refusal.ts";

/** The caller of a request, as everything behind the edge sees it. */
export interface Principal {
  /** Whose runs it sees. */
  readonly tenant: string;
  /** Who acts. */
  readonly subject: Subject;
}

/** How a host gets to know its callers. */
export interface Door {
  /** Asks the request. */
  readonly access: Access;
  /** How callers proved themselves. */
  readonly lane: Subject["lane"];
}

/**
 * Finds out who makes a request: the one place where callers get their identity.
 *
 * @throws {Refusal} `401 unauthenticated`.
 */
export async function principalOf(
  request: Request,
  { access, lane }: Door,
): Promise<Principal> {
  const caller = await access(request);
  if (caller === undefined) {
    throw unknown("a bearer token that is known here is wanted");
  }
  const { tenant, subject: subjectId } = caller;
  if (!isTenant(tenant) || !isSubject(subjectId)) {
    throw unknown(`a subject id of ${SUBJECT_RULE}`);
  }
  return {
    tenant,
    subject: {
      issuer: "urn:tutti:embedded",
      subjectId,
      tenant,
      lane,
      kind: "user",
    },
  };
}

function unknown(problem: string): Refusal {
  return new Refusal(
    401,
    "unauthenticated",
    `Cannot tell who makes the request: ${problem}`,
    undefined,
    { "www-authenticate": "Bearer" },
  );
}
