// Web standards only.
import {
  checkObject,
  createTransport,
  DecodeError,
  HttpError,
  own,
  refuse,
} from "../http/mod.ts";
import type {
  ClientOptions,
  OnceCallOptions,
  Operation,
  RetryOptions,
  Transport,
} from "../http/mod.ts";
import { Flux0Error } from "./flux0_error.ts";
import {
  DEFAULT_BASE_URL,
  identityHeader,
  operationAt,
} from "./protocol/mod.ts";
import type { OperationName } from "./protocol/mod.ts";

/** When and how often to try a read again. Posts are never repeated: an agent could run twice. */
export interface Flux0RetryOptions extends RetryOptions {
  /** Whether connections that fail and budgets of time that run out are worth another try, too. @default true */
  readonly connectionErrors?: boolean | undefined;
}

/** Options of a call that may be repeated. */
export interface Flux0CallOptions extends OnceCallOptions {
  /** When and how often to try again; `false` for one try. */
  readonly retry?: Flux0RetryOptions | false | undefined;
}

/** Where a server is and how to talk to it. Everything has a default. */
export interface Flux0ClientOptions
  extends Omit<ClientOptions, "baseUrl" | "retry"> {
  /** Without `/api`. May have places like `{region}`, see `urlParams`. @default "http://127.0.0.1:8080" */
  readonly baseUrl?: string | undefined;
  /** What to put in the places of `baseUrl`. */
  readonly urlParams?: Readonly<Record<string, string>> | undefined;
  /**
   * Who asks: decides whose sessions `sessions.list()` gives, and protects nothing. Sent as a cookie, so not from
   * browsers: set `document.cookie` there. @default the anonymous user
   */
  readonly userSub?: string | undefined;
  /** When and how often to try a read again; `false` for one try. */
  readonly retry?: Flux0RetryOptions | false | undefined;
}

/** What holds a connection or a timer. */
export interface Closeable {
  /** Lets go. */
  close(): Promise<void>;
}

/** What the resources share. */
export interface Flux0Api {
  /** What the client was made with. */
  readonly options: Flux0ClientOptions;
  /** The pipeline of every request. */
  readonly transport: Transport;
  /** What is open: the answer in a session by the id of the session, everything else by itself. */
  readonly open: Map<unknown, Closeable>;
  /**
   * Makes a call and gives its content: a record with an id, or a list of them.
   *
   * @param name Which operation.
   * @param ids What goes into the places of its path.
   * @param options Options of the call.
   * @param more What belongs to the operation itself.
   */
  call<T>(
    name: OperationName,
    ids: readonly string[],
    options?: Flux0CallOptions,
    more?: Partial<Operation>,
  ): Promise<T>;
}

/** Builds the way to a server. Sends nothing. */
export function createApi(options: Flux0ClientOptions): Flux0Api {
  // With a base URL in their place, the default one would be used.
  checkObject("options", options);
  const { userSub, urlParams = {} } = options;
  const transport = createTransport({
    ...options,
    baseUrl: String(options.baseUrl ?? DEFAULT_BASE_URL).replace(
      /\{(\w*)\}/g,
      (_, name: string) =>
        encodeURIComponent(
          own(urlParams, name) ??
            refuse(`urlParams.${name}`, "the base URL wants a value for it"),
        ),
    ),
    headers: {
      ...(userSub !== undefined && { cookie: identityHeader(userSub) }),
      ...options.headers,
    },
    classify: (failure) => new Flux0Error(failure.action, failure),
  });
  return {
    options,
    transport,
    open: new Map(),
    async call<T>(
      name: OperationName,
      ids: readonly string[],
      call?: Flux0CallOptions,
      more?: Partial<Operation>,
    ): Promise<T> {
      const at = operationAt(name, ...ids);
      const retries = { ...(options.retry || {}), ...(call?.retry || {}) };
      const { data } = await transport.call({
        ...at,
        decode(body) {
          const isList = /list/.test(name);
          const rows: unknown = isList ? Object(body).data : [body];
          if (
            !Array.isArray(rows) ||
            rows.some((row) => typeof Object(row).id !== "string")
          ) {
            throw new DecodeError(
              at.action,
              `${
                isList ? 'a list in "data" of records' : "a record"
              } with an id is wanted`,
            );
          }
          return isList ? rows : body;
        },
        ...more,
        isRetryable: (error) =>
          (more?.isRetryable?.(error) ?? error.retryable) &&
          (HttpError.is(error) || retries.connectionErrors !== false),
      }, call);
      return data as T;
    },
  };
}
