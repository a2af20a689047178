// Web standards only.
import {
  bearer,
  createTransport,
  idempotencyKeys,
  randomHex,
  refuse,
  ringOf,
  signWith,
} from "../http/mod.ts";
import type {
  AttemptMiddleware,
  CallOptions,
  ClientOptions,
  Operation,
  Reply,
  TokenSource,
  Transport,
  WithinOptions,
} from "../http/mod.ts";
import { HostDocument } from "./host_document.ts";
import type { Discovered } from "./host_document.ts";
import { toIdempotencyKey } from "./idempotency.ts";
import type { Negotiation, Speak } from "./negotiate.ts";
import { toOpenwopError } from "./openwop_error.ts";
import { mismatch } from "./protocol_mismatch_error.ts";
import { HEADERS } from "./protocol/mod.ts";
import type {
  Codec,
  Major,
  WireOperation,
  WopOperation,
} from "./protocol/mod.ts";

/** Where a host is and how to talk to it, where the major is known. Only `baseUrl` is required. */
export interface OneMajorOptions extends ClientOptions {
  /** The origin of the host, for example `https://wop.example.com`; a path below it works too. */
  readonly baseUrl: string;
  /**
   * Sent as bearer token to every operation that wants one. A function is asked anew for every try; in a browser it is
   * the only way, because a string there is a secret for everybody to read.
   */
  readonly apiKey?: TokenSource | undefined;
  /** Whether `apiKey` may be a string in a browser, for keys that are made to be public. @default false */
  readonly allowSecretsInBrowser?: boolean | undefined;
}

/** Where a host is and how to talk to it. Only `baseUrl` is required. */
export interface OpenwopClientOptions extends OneMajorOptions {
  /**
   * Which major to speak. `"auto"` asks the host once, before the first call, and takes the highest that both know; 1
   * and 2 ask nothing. @default "auto"
   */
  readonly major?: Major | "auto" | undefined;
}

/**
 * What the resources share: one transport, speaking one major. Calls are written in the words of version 2; the codec of
 * the major that the host speaks spells them.
 */
export interface OpenwopApi {
  /** The pipeline of every request; what goes through it directly is spelled already. */
  readonly transport: Transport;
  /** Makes a call and gives its content. */
  call<T>(
    operation: WopOperation<T>,
    options?: CallOptions,
  ): Promise<T>;
  /** Makes a call and gives its answer as soon as its headers are there, and who reads what follows. */
  open(
    operation: WopOperation<unknown>,
    options?: CallOptions,
  ): Promise<{ readonly response: Response; readonly codec: Codec }>;
  /** The major to speak; asks the host where that is not known. */
  codec(options?: CallOptions): Promise<Codec>;
  /** What the host says about itself, and its major; asked once and kept. */
  discover(options?: CallOptions): Promise<Discovered>;
  /** The same, asked now. */
  refresh(options?: CallOptions): Promise<Discovered>;
  /** The same, where it has been asked and still holds. Sends nothing. */
  recall(): Discovered | undefined;
}

/**
 * Builds the way to a host. Sends nothing.
 *
 * @param codecs The majors to choose from, the best first.
 * @param choose How to choose, where there are several.
 */
export function createApi(
  options: OpenwopClientOptions,
  codecs: readonly Codec[],
  choose?: (codecs: readonly Codec[]) => Negotiation,
): OpenwopApi {
  // Of no options it is the base URL that lacks first.
  const { apiKey, major = "auto", timeoutMs = 120_000 } = options ?? {};
  const chosen = codecs.filter((codec) =>
    major === "auto" || codec.major === major
  );
  const [fixed] = chosen;
  if (!fixed) {
    refuse(
      "major",
      `${codecs.map((codec) => codec.major).join(", ")} or "auto" is wanted`,
    );
  }
  const codecOf = (operation: Operation): Codec =>
    (operation as Partial<WireOperation>).codec ?? fixed;
  const transport = createTransport({
    ...options,
    idempotency: idempotencyKeys({
      header: HEADERS.idempotencyKey,
      // 128 fresh bits. Source: v2 §10.
      createKey: () => randomHex(),
    }),
    aroundAttempt: ringOf(
      "aroundAttempt",
      options?.aroundAttempt,
      verifyVersion(codecOf),
    ),
    classify: (failure) => toOpenwopError(failure, codecOf(failure.operation)),
    sign: apiKey === undefined
      ? undefined
      : signWith(bearer("apiKey", apiKey, options.allowSecretsInBrowser)),
  });
  const negotiation = chosen.length > 1 ? choose?.(chosen) : undefined;
  const host = new HostDocument(transport, fixed, negotiation);
  const bounds = (
    { signal, timeoutMs: budget = timeoutMs }: CallOptions = {},
  ): WithinOptions => ({ signal, timeoutMs: budget });
  const settle = (options?: CallOptions): Promise<Discovered> =>
    host.settle(bounds(options));
  const speak: Speak = negotiation?.speaking({
    timeoutMs,
    settle,
    now: () => transport.clock.now(),
    forget: (stale) => host.forget(stale),
  }) ?? ((_contract, options, work) => work(fixed, options));

  /** Spells a call in the major of the host and hands it to `work`. */
  const send = <T, R>(
    operation: WopOperation<T>,
    options: CallOptions = {},
    work: (operation: WireOperation<T>, options: CallOptions) => Promise<R>,
  ): Promise<R> =>
    speak(operation.contract, options, async (codec, options) => {
      const { idempotencyKey: key } = options;
      return await work(codec.write(operation), {
        ...options,
        idempotencyKey: key && await toIdempotencyKey(key, codec.keyGrammar),
      });
    });

  return {
    transport,
    codec: async (options) =>
      negotiation ? (await settle(options)).codec : fixed,
    discover: (options) => host.discover(bounds(options)),
    refresh: (options = {}) => host.refresh(options),
    recall: () => host.known,
    call: (operation, options) =>
      send(
        operation,
        options,
        async (wire, options) => (await transport.call(wire, options)).data,
      ),
    open: (operation, options) =>
      send(operation, options, async (wire, options) => ({
        response: (await transport.open(wire, options) as Reply<Response>).data,
        codec: wire.codec,
      })),
  };
}

/** Refuses a success that does not come from a host of this major. Source: v2 §2.3. */
function verifyVersion(
  codecOf: (operation: Operation) => Codec,
): AttemptMiddleware {
  return async (request, next, { action, operation }) => {
    const response = await next(request);
    if (!response.ok) return response;
    const version = response.headers.get(HEADERS.version);
    // A page of another origin sees only the headers that the host exposes to it.
    if (version === null && response.type === "cors") return response;
    const codec = codecOf(operation);
    if (codec.matches(version)) return response;
    response.body?.cancel().catch(() => {});
    throw mismatch(action, version, codec);
  };
}
