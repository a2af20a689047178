// Web standards only.
import {
  bearer,
  createTransport,
  randomHex,
  refuse,
  refuseSecretInBrowser,
  ringOf,
  signWith,
} from "../http/mod.ts";
import type {
  AttemptMiddleware,
  ClientOptions,
  Credentials,
  Operation,
  TokenSource,
  Transport,
} from "../http/mod.ts";
import { checkRequest } from "./check_input.ts";
import { toOpenSpawnError } from "./openspawn_error.ts";
import { IDEMPOTENCY_HEADER, stripSecrets, UUID_FORM } from "./protocol/mod.ts";
import type { Credential, OperationMark } from "./protocol/mod.ts";
import { createRequestSigner } from "./signing.ts";
import type { AgentIdentity, SigningVariant } from "./signing.ts";

/** Where the server is and how to talk to it, without a credential. */
export interface OpenSpawnConnection extends ClientOptions {
  /** `https://host`, with or without `apiPrefix` at its end. */
  readonly baseUrl: string;
  /** What all paths but `/health` begin with; `""` for servers without. @default "/api/v1" */
  readonly apiPrefix?: string | undefined;
  /** Whether a secret may be a string in a browser. @default false */
  readonly allowSecretsInBrowser?: boolean | undefined;
  /** One try, from its start to its decoded end, in milliseconds. @default 30_000 */
  readonly attemptTimeoutMs?: number | undefined;
}

/** A client that signs as an agent; everything but what users do works for it. */
export interface AgentOptions extends OpenSpawnConnection, AgentIdentity {
  /** For deployments that sign in another way, and for proxies. @default as the reference server */
  readonly signing?: SigningVariant | undefined;
  /**
   * Whether to sign with the server's time once it has refused ours: a 401 whose `Date` is far from ours is then tried
   * once more with it, and later calls use it from the start. @default false
   */
  readonly correctClock?: boolean | undefined;
  /** Not together with an agent. */
  readonly apiKey?: undefined;
  /** Not together with an agent. */
  readonly accessToken?: undefined;
}

/** A client that reads, and writes next to nothing: an API key stands for no agent, see the table of operations. */
export interface ApiKeyOptions extends OpenSpawnConnection {
  /** `osp_` and 64 hex digits; a function is asked anew for every try. */
  readonly apiKey: TokenSource;
  /** Not together with an API key. */
  readonly accessToken?: undefined;
  /** Not together with an API key. */
  readonly agentId?: undefined;
  /** Not together with an API key. */
  readonly secret?: undefined;
}

/** A client of a user: what an API key can do, webhooks and API keys. */
export interface UserOptions extends OpenSpawnConnection {
  /** From `auth.login()`, good for 15 minutes; a function is asked anew for every try. */
  readonly accessToken: TokenSource;
  /** Not together with a user's token. */
  readonly apiKey?: undefined;
  /** Not together with a user's token. */
  readonly agentId?: undefined;
  /** Not together with a user's token. */
  readonly secret?: undefined;
}

/** Options of a client, whoever it stands for. */
export type OpenSpawnClientOptions = AgentOptions | ApiKeyOptions | UserOptions;

/** What the resources share. */
export interface OpenSpawnApi {
  /** The pipeline of every request. */
  readonly transport: Transport;
  /** Who calls. */
  readonly credential: Credential;
  /** Slug of the agent that calls. */
  readonly agentId: string | undefined;
  /** What all paths begin with. */
  readonly prefix: string;
  /** How far the server's clock is ahead of ours, once it has told. */
  readonly clockSkewMs: number | undefined;
}

/** An operation, and what is special about it. */
export interface MarkedOperation extends Operation {
  /** From the table. */
  readonly mark: OperationMark;
}

/** Builds the way to a server. Sends nothing. */
export function createApi(options: OpenSpawnClientOptions): OpenSpawnApi {
  const { apiPrefix: prefix = "/api/v1" } = options ?? {};
  const [credential, more] = (["secret", "apiKey", "accessToken"] as const)
    .filter((name) => options?.[name] !== undefined);
  if (!credential || more) {
    refuse(
      more ?? "options",
      "agentId and secret, or apiKey, or accessToken is wanted",
    );
  }
  const { signing, correctClock, allowSecretsInBrowser } =
    options as AgentOptions;
  const isAgent = credential === "secret";
  let credentials: Credentials;
  if (isAgent) {
    refuseSecretInBrowser(credential, allowSecretsInBrowser);
    const sign = createRequestSigner(options as AgentOptions, signing);
    credentials = (request, { clock }) =>
      sign(request, clock.now() + correctionMs);
  } else {
    credentials = bearer(
      credential,
      options[credential]!,
      allowSecretsInBrowser,
    );
  }
  let clockSkewMs: number | undefined;
  let correctionMs = 0;

  const watchClock: AttemptMiddleware = async (request, next, { clock }) => {
    const used = correctionMs;
    const response = await next(request);
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!date) return response;
    clockSkewMs = date - clock.now();
    // The server accepts 300 s either way; less than that is no reason to doubt the clock.
    if (
      response.status !== 401 || !correctClock ||
      Math.abs(clockSkewMs - used) < 200_000
    ) return response;
    correctionMs = clockSkewMs;
    response.body?.cancel().catch(() => {});
    return await next(request);
  };

  const root = String(options.baseUrl).replace(/\/+$/, "");
  const { retry } = options;
  const transport = createTransport({
    ...options,
    // What the vendor's guide promises, with jitter.
    attemptTimeoutMs: options.attemptTimeoutMs ?? 30_000,
    retry: retry !== false &&
      { initialDelayMs: 1_000, maxDelayMs: 32_000, ...retry },
    baseUrl: prefix && root.endsWith(prefix)
      ? root.slice(0, -prefix.length)
      : root,
    idempotency: {
      header: IDEMPOTENCY_HEADER,
      // The server reads a UUID without hyphens, too.
      keyFor: (key = randomHex()) =>
        UUID_FORM.test(key)
          ? key
          : refuse("idempotencyKey", "a UUID is wanted"),
    },
    aroundCall: ringOf("aroundCall", options.aroundCall, checkRequest),
    aroundAttempt: ringOf("aroundAttempt", options.aroundAttempt, watchClock),
    classify: (failure) => {
      stripSecrets(failure.body);
      const { mark } = failure.operation as Partial<MarkedOperation>;
      // What takes effect all the same does so for the others.
      return toOpenSpawnError(
        failure,
        isAgent && mark === "+" ? "" : mark,
        clockSkewMs,
      );
    },
    sign: signWith(credentials),
  });
  return {
    transport: {
      ...transport,
      call: (operation, options) =>
        transport.call({
          ...operation,
          decode(body, answer) {
            stripSecrets(body);
            return operation.decode(body, answer);
          },
        }, options),
    },
    credential: isAgent ? "agent" : credential,
    agentId: options.agentId,
    prefix,
    get clockSkewMs(): number | undefined {
      return clockSkewMs;
    },
  };
}
