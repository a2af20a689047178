// Web standards only.
import { refuse, timingSafeEqual } from "../http/mod.ts";
import { checkEach, checkKind, checkMembers } from "./check_options.ts";

/** Who calls, and whose runs that caller sees. */
export interface Caller {
  /** The first part of the ids of all its runs, 1 to 128 characters of `A-Z a-z 0-9 . _ -`. */
  readonly tenant: string;
  /** Its name within the tenant, 1 to 256 characters without white space or `/`. */
  readonly subject: string;
  /** What it belongs to, for approvals that name groups. @default none */
  readonly groups?: readonly string[] | undefined;
  /** What it is, for approvals that name roles. @default none */
  readonly roles?: readonly string[] | undefined;
  /**
   * Whether it may ask for what only tests need: `OpenWOP-Force-Engine-Version`. Everybody else is refused then.
   *
   * @default false
   */
  readonly isTest?: boolean | undefined;
}

/**
 * Finds out who makes a request; `undefined` for nobody it knows, who is then refused. It is not asked about requests
 * that need no caller: discovery, and answers by token.
 */
export type Access = (
  request: Request,
) => Caller | undefined | Promise<Caller | undefined>;

/** A key, and who calls with it. */
export interface ApiKey extends Caller {
  /** The secret, at least 16 characters. */
  readonly key: string;
}

/**
 * Access for whoever sends one of these keys as bearer token. The keys are compared by their hashes, all of them each
 * time, so that the time says nothing about how much of a key was right.
 *
 * @param keys To be read from where secrets are kept.
 * @throws {InvalidArgumentError} `invalid-argument` for a key that is too short, used twice, or whose caller cannot be.
 * No key is in the message.
 *
 * @example
 * ```ts
 * import { apiKeys, createHost } from "@tutti/sdk/host";
 * import assert from "node:assert/strict";
 *
 * const access = apiKeys([
 *   { key: "sk_0123456789abcdef", tenant: "acme", subject: "ci" },
 * ]);
 * const host = createHost({ workflows: [], access });
 * const refused = await host.fetch(`${host.url}/runs/acme~2F0123456789abcdef`);
 * assert.equal(refused.status, 401);
 * await host.close();
 * ```
 */
export function apiKeys(keys: readonly ApiKey[]): Access {
  const seen = new Set<string>();
  checkEach("keys", keys, (at, given) => {
    checkMembers(at, given, {
      groups: "list?",
      roles: "list?",
      isTest: "boolean?",
    });
    const { key, tenant, subject, groups = [], roles = [] } = given as ApiKey;
    for (const [name, list] of Object.entries({ groups, roles })) {
      checkEach(
        `${at}.${name}`,
        list,
        (path, text) => checkKind(path, text, "string"),
      );
    }
    if (typeof key !== "string" || !/^[\x21-\x7e]{16,}$/.test(key)) {
      refuse(
        `${at}.key`,
        "at least 16 visible ASCII characters are wanted",
      );
    }
    if (seen.has(key)) {
      refuse(`${at}.key`, "each key once is wanted");
    }
    seen.add(key);
    if (!isTenant(tenant)) {
      refuse(`${at}.tenant`, TENANT_RULE);
    }
    if (!isSubject(subject)) {
      refuse(`${at}.subject`, SUBJECT_RULE);
    }
  });
  const known = Promise.all(
    keys.map(async ({ key, ...caller }) => ({
      digest: await digestOf(key),
      caller,
    })),
  );
  return async (request) => {
    const [, token = ""] = /^Bearer +([^ ]+)$/i.exec(
      request.headers.get("authorization") ?? "",
    ) ?? [];
    const digest = await digestOf(token);
    let found: Caller | undefined;
    for (const { digest: wanted, caller } of await known) {
      if (timingSafeEqual(digest, wanted)) found = caller;
    }
    return found;
  };
}

/** What a tenant may be called. */
export const TENANT_RULE =
  "1 to 128 characters of A-Z a-z 0-9 . _ - are wanted";

/** What a subject may be called. Source: v2 §4, grammar of subjectId. */
export const SUBJECT_RULE =
  "1 to 256 characters without white space or / are wanted";

/** Whether `value` can be the first part of an id. */
export function isTenant(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9._-]{1,128}$/.test(value);
}

/** Whether `value` can name a subject. */
export function isSubject(value: unknown): value is string {
  return typeof value === "string" && /^[^\s/]{1,256}$/.test(value);
}

async function digestOf(text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
