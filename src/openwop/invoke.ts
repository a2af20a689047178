// Web standards only.
import { fillPath } from "../http/mod.ts";
import type { CallOptions, HeaderRecord, Operation } from "../http/mod.ts";
import { expecting } from "./expecting.ts";
import type { OpenwopApi } from "./api.ts";
import { checkInput } from "./check_input.ts";
import { offers } from "./offers.ts";
import { OpenwopError } from "./openwop_error.ts";
import {
  OPERATIONS,
  projectId,
  readOperation,
  unprojectId,
} from "./protocol/mod.ts";
import type { OperationName, WopOperation } from "./protocol/mod.ts";
import { remaining } from "./remaining.ts";
import { UnsupportedError } from "./unsupported_error.ts";

/** What goes with an operation beside its ids. */
export interface Input {
  /** Of a read. */
  readonly query?: object | undefined;
  /** Of a change. */
  readonly body?: object | undefined;
  /** Added to those of every call. */
  readonly headers?: HeaderRecord | undefined;
  /** Statuses outside 200 to 299 that are answers too. */
  readonly allow?: readonly number[] | undefined;
}

/**
 * Calls an operation of the table: checks what it is given, refuses what the host is known not to offer, sends it under
 * the contract of the table, and says which capability is missing when the host turns out not to offer it.
 *
 * Discovery is read for that only when a gated operation has failed with a 404.
 *
 * @param api The way to the host.
 * @param name Which operation.
 * @param ids Those of its path, in order.
 * @param input What goes with it.
 * @param options Options of the call.
 * @throws {UnsupportedError} `unsupported`.
 * @throws {InvalidArgumentError} `invalid-argument`. Nothing was sent.
 * @throws {OpenwopError} every other refusal.
 */
export async function invoke<T>(
  api: OpenwopApi,
  name: OperationName,
  ids: readonly string[],
  input: Input = {},
  options: CallOptions = {},
): Promise<T> {
  const operation = describe<T>(name, ids, input);
  const rest = remaining(api.transport.clock, options);
  try {
    await admit(api, name, options);
    return await api.call(operation, rest());
  } catch (error) {
    throw await judge(api, name, ids, error, rest());
  }
}

/** Opens an operation of the table that answers with an event stream. Throws as {@linkcode invoke} does. */
export async function openStream(
  api: OpenwopApi,
  name: OperationName,
  ids: readonly string[],
  input: Input,
  call: CallOptions & { readonly signal: AbortSignal },
): ReturnType<OpenwopApi["open"]> {
  const operation = describe(name, ids, {
    ...input,
    headers: { accept: "text/event-stream", ...input.headers },
  });
  try {
    // The stream above does its own waiting.
    const options = { ...call, retry: false } as const;
    await admit(api, name, options);
    return await api.open(operation, options);
  } catch (error) {
    throw await judge(api, name, ids, error, call);
  }
}

/**
 * The path segment of an id, which callers have as bodies write it or as links do. No host gives out an id that holds a
 * `~2F` of its own. Source: v2 §4, §16.
 */
export function segmentOf(id: string): string {
  return projectId(/[~%]2F/i.test(id) && unprojectId(id) || id);
}

/** A call in the words of version 2; refuses what no host would take. */
function describe<T>(
  name: OperationName,
  ids: readonly string[],
  input: Input,
): WopOperation<T> {
  checkInput(name, input.query);
  checkInput(name, input.body);
  const { method, path: template, contract, auth, answer } = readOperation(
    name,
    2,
  );
  const path = fillPath(template, ids, segmentOf);
  // A token is a credential, and no message may hold one.
  const label = `${method} ${auth ? path : template}`;
  const read = expecting<T>(label, answer);
  return {
    name,
    method,
    path,
    label,
    query: input.query as Operation["query"],
    json: isWrite(method) ? input.body ?? {} : undefined,
    headers: input.headers,
    allow: input.allow,
    auth,
    contract,
    // Hosts answer a deletion with or without a body; what has not changed has none.
    decode: (body, { status }) =>
      method === "DELETE" || status === 304 ? undefined as T : read(body),
  };
}

/**
 * Refuses what the major does not have, and what a discovery document at hand says that the host does not have. In
 * version 1 silence says nothing: hosts of that time do more than they advertise. Source: v2 §6.2; observed.
 */
async function admit(
  api: OpenwopApi,
  name: OperationName,
  options: CallOptions | undefined,
): Promise<void> {
  const first = readOperation(name, 1);
  const second = readOperation(name, 2);
  if (
    first.majors.length > 1 && !first.capability && !second.capability
  ) return;
  const { major } = await api.codec(options);
  const { majors, capability, certain } = major > 1 ? second : first;
  const unsupported = (reason: string): UnsupportedError =>
    new UnsupportedError(name, { capability, major, reason });
  if (!majors.includes(major)) {
    throw unsupported(`version ${major} of the protocol has no such operation`);
  }
  const known = api.recall();
  if (capability && certain && known) {
    const said = offers(known.document, capability, major);
    if (major === 2 ? !said : said === false) {
      throw unsupported(
        `the host does not advertise ${JSON.stringify(capability)}`,
      );
    }
  }
}

/**
 * Gives a resource the methods of all its operations that need no code of their own: ids first, then the query or the
 * body where there is one, then the options of the call.
 *
 * @param api The way to the host.
 * @param group Which resource.
 * @param target What has the other methods.
 */
export function createMethods<T extends object>(
  api: OpenwopApi,
  group: string,
  target: Partial<T> = {},
): T {
  const methods = target as Record<string, unknown>;
  for (const name of Object.keys(OPERATIONS) as OperationName[]) {
    const verb = name.slice(group.length + 1);
    if (name !== `${group}.${verb}` || verb in methods) continue;
    methods[verb] = (...args: unknown[]): Promise<unknown> => {
      const { path, method, query } = readOperation(name, 2);
      const ids = args.splice(0, path.split("{").length - 1) as string[];
      const hasBody = isWrite(method);
      const input = query || hasBody ? args.shift() as object : undefined;
      return invoke(
        api,
        name,
        ids,
        hasBody ? { body: input } : { query: input },
        args[0] as CallOptions | undefined,
      );
    };
  }
  return target as T;
}

function isWrite(method: string): boolean {
  return method === "POST" || method === "PUT";
}

/** Tells "there is no such thing" from "there is no such operation". */
async function judge(
  api: OpenwopApi,
  name: OperationName,
  ids: readonly string[],
  error: unknown,
  { signal, timeoutMs }: CallOptions,
): Promise<unknown> {
  // What something in front of the host says is not about the host.
  if (!OpenwopError.is(error) || !error.fromHost) return error;
  const { status, rawCode = "", major } = error;
  const { capability, certain, path } = readOperation(name, major);
  const unsupported = (why = ""): UnsupportedError =>
    new UnsupportedError(name, {
      capability,
      major,
      reason: `the host answered ${status}${why}`,
      cause: error,
    });
  if (status === 405 || status === 501) {
    return rawCode === "credential_unavailable" ? error : unsupported();
  }
  // A code of its own tells of something that is missing, and a run cannot be created of a workflow that is.
  if (
    status !== 404 || name === "runs.create" ||
    !/^(not_found|capability_\w+)?$/.test(rawCode)
  ) return error;
  const isBare = !path.includes("{");
  if (capability === undefined) return isBare ? unsupported() : error;
  const why = ` and does not advertise ${JSON.stringify(capability)}`;
  try {
    const { document } = await api.discover({ signal, timeoutMs });
    if (offers(document, capability, major)) return error;
    if (isBare || certain) return unsupported(why);
    // Hosts offer some operations without the whole claim: there the run tells whether it is the run that is missing.
    if (!/^[^{]*\{runId\}[^{]*$/.test(path)) return error;
    await invoke(api, "runs.get", ids, {}, { signal, timeoutMs });
    return unsupported(why);
  } catch {
    return error;
  }
}
