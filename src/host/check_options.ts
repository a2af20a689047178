// Web standards only.
import { refuse } from "../http/mod.ts";

const kinds = {
  boolean: "true or false",
  function: "a function",
  list: "a list",
  number: "a number",
  object: "an object",
  string: "a text",
} as const;

type Kind = keyof typeof kinds;

type Members = Readonly<Record<string, Kind | `${Kind}?`>>;

/** @throws {InvalidArgumentError} `invalid-argument`, when a value is not of its kind. */
export function checkKind(path: string, value: unknown, kind: Kind): void {
  const found = Array.isArray(value)
    ? "list"
    : value === null
    ? "null"
    : typeof value;
  if (found !== kind) refuse(path, `${kinds[kind]} is wanted`);
}

/**
 * Checks what nobody may have compiled.
 *
 * @param members Their kinds; those of some that may be missing end in `?`.
 * @throws {InvalidArgumentError} `invalid-argument`, for what is no object, and for a member that is not of its kind.
 */
export function checkMembers(
  path: string,
  value: unknown,
  members: Members,
): void {
  checkKind(path, value, "object");
  for (const [name, kind] of Object.entries(members)) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member === undefined && kind.endsWith("?")) continue;
    checkKind(`${path}.${name}`, member, kind.replace("?", "") as Kind);
  }
}

/** The same for each entry of a list. */
export function checkEach(
  path: string,
  list: unknown,
  check: (path: string, entry: unknown) => void,
): void {
  checkKind(path, list, "list");
  // Holes are entries, too.
  Array.from(list as readonly unknown[])
    .forEach((entry, index) => check(`${path}[${index}]`, entry));
}

/** @param store One that is a store, which the other one is compared with. */
export function checkHostOptions(options: unknown, store: object): void {
  checkMembers("options", options, {
    workflows: "list",
    store: "object?",
    tenant: "string?",
    subject: "function?",
    access: "function?",
    webhooks: "object?",
    majors: "list?",
    minClientVersion: "string?",
    registration: "object?",
    limits: "object?",
    interruptKeys: "list?",
    clock: "object?",
    ids: "function?",
    onError: "function?",
  });
  const inner: Readonly<Record<string, Members>> = {
    clock: { now: "function", schedule: "function" },
    webhooks: {
      allowPrivate: "boolean?",
      fetch: "function?",
      resolve: "function?",
      timeoutMs: "number?",
    },
    store: Object.fromEntries(
      Object.entries(store).map((
        [name, member],
      ) => [name, typeof member as Kind]),
    ),
  };
  for (const [name, members] of Object.entries(inner)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined) checkMembers(`options.${name}`, value, members);
  }
}
