// Web standards only.
import type { Subject } from "../openwop/protocol/mod.ts";
import { isSubject, isTenant, SUBJECT_RULE, TENANT_RULE } from "./access.ts";
import type { Access, Caller } from "./access.ts";
import { refuse } from "../http/mod.ts";
import { Refusal } from "./refusal.ts";

/** The caller of a request, as everything behind the edge sees it. */
export interface Principal {
  /** Whose runs it sees. */
  readonly tenant: string;
  /** Who acts. */
  readonly subject: Subject;
  /** Groups that it belongs to. */
  readonly groups?: readonly string[];
  /** Roles that it has. */
  readonly roles?: readonly string[];
  /** Whether it may ask for what only tests need. */
  readonly isTest?: boolean;
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
  const { tenant, subject: subjectId, groups, roles, isTest } = caller;
  if (!isTenant(tenant) || !isSubject(subjectId)) {
    throw unknown(`a subject id of ${SUBJECT_RULE}`);
  }
  const subject = subjectOf(caller, lane);
  return {
    tenant,
    subject,
    // A text would have every part of it.
    ...(Array.isArray(groups) && { groups }),
    ...(Array.isArray(roles) && { roles }),
    ...(isTest === true && { isTest }),
  };
}

/** The caller as runs and answers record it. */
export function subjectOf(
  { tenant, subject: subjectId }: Caller,
  lane: Subject["lane"],
): Subject {
  return {
    issuer: "urn:tutti:embedded",
    subjectId,
    tenant,
    lane,
    kind: "user",
  };
}

/** Whoever makes a request that carries its own permission, or needs none. */
export const NOBODY: Principal = {
  tenant: "",
  subject: {
    issuer: "urn:tutti:embedded",
    subjectId: "nobody",
    tenant: "",
    lane: "anonymous",
    kind: "anonymous",
  },
};

function unknown(problem: string): Refusal {
  return new Refusal(
    401,
    "unauthenticated",
    `Cannot tell who makes the request: ${problem}`,
    undefined,
    { "www-authenticate": "Bearer" },
  );
}

/**
 * What a host was told about who calls.
 *
 * @throws {InvalidArgumentError} `invalid-argument` for a tenant that cannot be, or when both ways are used.
 */
export function doorOf(options: {
  readonly access?: Access;
  readonly tenant?: string;
  readonly subject?: (request: Request) => string;
}): Door {
  const { access, tenant = "local", subject = () => "local" } = options;
  if (!isTenant(tenant)) {
    refuse("options.tenant", TENANT_RULE);
  }
  if (access === undefined) {
    return {
      lane: "session",
      access: (request) => ({ tenant, subject: subject(request) }),
    };
  }
  if (options.tenant !== undefined || options.subject !== undefined) {
    refuse(
      "options.access",
      "access, which names tenant and subject, or these two are wanted",
    );
  }
  return { lane: "api-key", access };
}
