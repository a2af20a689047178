// Web standards only.
import {
  createTransport,
  DecodeError,
  idempotencyKeys,
  InvalidArgumentError,
  refuseSecretInBrowser,
} from "../http/mod.ts";
import type {
  AttemptMiddleware,
  CallMiddleware,
  CallOptions,
  Clock,
  Fetch,
  JsonValue,
  Observe,
  Operation,
  RetryOptions,
  TimeBudgets,
  TraceContext,
  Transport,
} from "../http/mod.ts";
import { codecV2 } from "./codec.ts";
import type { Codec } from "./codec.ts";
import { randomKey, toIdempotencyKey } from "./idempotency.ts";
import { ProtocolMismatchError, toOpenwopError } from "./openwop_error.ts";
import { HEADERS } from "./protocol/mod.ts";

/** Where a host is and how to talk to it. Only `baseUrl` is required. */
export interface OpenwopClientOptions extends TimeBudgets {
  /** The origin of the host, for example `https://wop.example.com`; a path below it works too. */
  readonly baseUrl: string;
  /**
   * Sent as bearer token to every operation that wants one. A function is asked anew for every try; in a browser it is
   * the only way, because a string there is a secret for everybody to read.
   */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined;
  /** Whether `apiKey` may be a string in a browser, for keys that are made to be public. @default false */
  readonly allowSecretsInBrowser?: boolean | undefined;
  /** What answers the requests: `host.fetch` for a host in this process. @default the global `fetch` */
  readonly fetch?: Fetch | undefined;
  /** Whose time to use. @default the system's */
  readonly clock?: Clock | undefined;
  /** Source of jitter, from 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** When and how often to try again; `false` for one try. */
  readonly retry?: RetryOptions | false | undefined;
  /** Watches every call and try: an `observer()`, or `debugLog()`. */
  readonly observe?: Observe | undefined;
  /** Gives the trace of a call that brings none; asked once for each call. */
  readonly trace?: (() => TraceContext | undefined) | undefined;
  /** Around each call, the first one outermost. */
  readonly aroundCall?: readonly CallMiddleware[] | undefined;
  /** Around each try, the first one outermost. */
  readonly aroundAttempt?: readonly AttemptMiddleware[] | undefined;
}

/** What the resources share: one transport, speaking one major. */
export interface OpenwopApi {
  /** The pipeline of every request. */
  readonly transport: Transport;
  /** The spelling of the major. */
  readonly codec: Codec;
  /** Makes a call and gives its content. */
  call<T>(
    operation: Operation<T, "safe" | "keyed">,
    options?: CallOptions,
  ): Promise<T>;
}

/** Builds the way to a host. Sends nothing. */
export function createApi(options: OpenwopClientOptions): OpenwopApi {
  const codec = codecV2;
  const { apiKey } = options;
  if (typeof apiKey === "string") {
    checkKey(apiKey);
    refuseSecretInBrowser("apiKey", options.allowSecretsInBrowser);
  }
  const transport = createTransport({
    ...options,
    headers: { ...codec.headers, ...options.headers },
    idempotency: idempotencyKeys({
      header: HEADERS.idempotencyKey,
      createKey: randomKey,
      toKey: toIdempotencyKey,
    }),
    aroundAttempt: [...(options.aroundAttempt ?? []), verifyVersion(codec)],
    classify: toOpenwopError,
    sign: async (request, { operation }) => {
      if (apiKey === undefined || operation.auth === false) return request;
      const key = typeof apiKey === "string"
        ? apiKey
        : checkKey(await apiKey());
      request.headers.set("authorization", `Bearer ${key}`);
      return request;
    },
  });
  return {
    transport,
    codec,
    call: async (operation, call) =>
      (await transport.call(operation, call)).data,
  };
}

/** Refuses a success that does not come from a host of this major. Source: v2 §2.3. */
function verifyVersion(codec: Codec): AttemptMiddleware {
  return async (request, next, { action }) => {
    const response = await next(request);
    if (!response.ok) return response;
    const version = response.headers.get(HEADERS.version);
    // A page of another origin sees only the headers that the host exposes to it.
    if (version === null && response.type === "cors") return response;
    if (codec.matches(version)) return response;
    response.body?.cancel().catch(() => {});
    throw new ProtocolMismatchError(action, version ?? undefined);
  };
}

/** Refuses here what the runtime would refuse with the key in its message. */
function checkKey(key: string): string {
  if (typeof key !== "string" || !/^[\x21-\x7e]+$/.test(key)) {
    throw new InvalidArgumentError(
      "apiKey",
      "printable ASCII without spaces is wanted",
    );
  }
  return key;
}

/** What an answer must have to be believed. */
export type Shape = Readonly<
  Record<string, "string" | "number" | "boolean" | "object" | "array">
>;

/** Makes a decoder that believes an answer when it has the fields of `shape`. */
export function expecting<T>(
  action: string,
  shape: Shape,
): (body: JsonValue | undefined) => T {
  return (body) => {
    if (typeof body !== "object" || body === null || Array.isArray(body)) {
      throw new DecodeError(action, "a JSON object is wanted");
    }
    const record = body as Readonly<Record<string, JsonValue>>;
    for (const [name, kind] of Object.entries(shape)) {
      const value = Object.hasOwn(record, name) ? record[name] : undefined;
      const is = Array.isArray(value)
        ? "array"
        : value === null
        ? "null"
        : typeof value;
      if (is !== kind) {
        throw new DecodeError(
          action,
          `"${name}" is ${is}, ${kind} is wanted`,
        );
      }
    }
    // The rest is the word of the host.
    return body as T;
  };
}
