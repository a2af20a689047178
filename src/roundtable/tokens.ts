// Web standards only.
import {
  parseJson,
  refuse,
  refuseSecretInBrowser,
  systemClock,
} from "../http/mod.ts";
import type { CallMiddleware, Clock, JsonValue } from "../http/mod.ts";
import type { Call } from "./call.ts";
import { OPERATIONS } from "./protocol/mod.ts";
import type { TokenPair } from "./protocol/mod.ts";
import { isUnauthenticated, RoundTableError } from "./roundtable_error.ts";

/** Who you are. Any of these will do; with a refresh token or a password the session renews itself. */
export interface Credentials {
  /**
   * What the guides call an API key: an access token of the server, which lives for 30 minutes; there is nothing that
   * lives longer. A function is asked for each call, and once more when the server refuses what it gave.
   */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined;
  /** Gets new access tokens for 7 days. */
  readonly refreshToken?: string | undefined;
  /** Logs in by itself, with `password`. */
  readonly email?: string | undefined;
  /** Logs in by itself, with `email`; in a browser use `auth.login()` instead. */
  readonly password?: string | undefined;
  /** Whether `password` may be given in a browser. @default false */
  readonly allowSecretsInBrowser?: boolean | undefined;
}

/** The tokens of a session, to keep and to hand to another client. */
export interface Session {
  /** For the option `apiKey`. */
  readonly apiKey?: string | undefined;
  /** For the option `refreshToken`. */
  readonly refreshToken?: string | undefined;
}

/** The session of a client. */
export interface Tokens {
  /** Gives calls their token, and once another one when the server refuses it. */
  readonly around: CallMiddleware;
  /** As it stands. */
  readonly session: Session;
  /** Makes these the tokens of the session; without any, ends it. */
  take<Pair extends TokenPair | undefined>(pair?: Pair): Pair;
  /** Gets a new access token, unless there is another than `old` already. One request, however many ask. */
  renew(old: string | undefined): Promise<void>;
}

/** Keeps a session alive. Sends nothing before the first call that needs a token. */
export function createTokens(
  options: Credentials & { readonly clock?: Clock | undefined },
  call: Call,
): Tokens {
  const { apiKey, email, password, clock = systemClock } = options;
  const ask = typeof apiKey === "function" ? apiKey : undefined;
  let access = ask ? undefined : checkToken(apiKey as string | undefined);
  let refresh = checkToken(options.refreshToken, "refreshToken");
  let pending: Promise<void> | undefined;
  let turn = 0;
  let expiresAt = NaN;
  let renewAt = NaN;
  if ((email === undefined) !== (password === undefined)) {
    refuse("password", "an email and a password are wanted, or neither");
  }
  if (password !== undefined) {
    refuseSecretInBrowser("password", options.allowSecretsInBrowser);
  }
  schedule(false);

  /** Reads the end of the access token from itself: the server's `expires_in` is what was configured, not what is. */
  function schedule(isFresh: boolean): void {
    const { exp, iat } = claimsOf(access);
    const now = clock.now();
    // How long a fresh one lives does not depend on whose clock is right.
    const left = (isFresh && exp - iat || exp - now / 1000) * 1000;
    expiresAt = now + left;
    renewAt = expiresAt - Math.min(60_000, left / 10);
  }

  function take<Pair extends TokenPair | undefined>(pair?: Pair): Pair {
    turn++;
    access = checkToken(pair?.access_token);
    refresh = pair &&
      (checkToken(pair.refresh_token, "refreshToken") ?? refresh);
    schedule(true);
    return pair as Pair;
  }

  async function fresh(): Promise<void> {
    const before = turn;
    let pair: TokenPair | undefined;
    if (refresh !== undefined) {
      const json = { refresh_token: refresh };
      try {
        pair = await call(OPERATIONS["auth.refresh"], [], undefined, json);
      } catch (error) {
        if (RoundTableError.is(error) && error.status < 500) {
          refresh = undefined;
        }
        if (email === undefined || refresh !== undefined) throw error;
      }
    }
    pair ??= await call<TokenPair>(OPERATIONS["auth.login"], [], undefined, {
      email,
      password,
    });
    // Whoever logged in or out meanwhile has the last word.
    if (turn === before) take(pair);
  }

  const renew = async (old: string | undefined): Promise<void> => {
    if (
      access === old && (refresh !== undefined || email !== undefined)
    ) await (pending ??= fresh().finally(() => pending = undefined));
  };

  async function current(): Promise<string | undefined> {
    if (ask) return checkToken(await ask());
    if (access === undefined || clock.now() >= renewAt) {
      await renew(access).catch((error) => {
        // Too early to give up: it is still good for a while.
        if (!(clock.now() < expiresAt)) throw error;
      });
    }
    return access;
  }

  return {
    take,
    renew,
    get session(): Session {
      return { apiKey: access, refreshToken: refresh };
    },
    around: async (request, next, { operation }) => {
      if (
        operation.auth === false || request.headers.has("authorization")
      ) return await next(request);
      const send = (token: string | undefined): ReturnType<typeof next> => {
        if (token !== undefined) {
          request.headers.set("authorization", `Bearer ${token}`);
        }
        return next(request);
      };
      const used = await current();
      try {
        return await send(used);
      } catch (error) {
        if (!isUnauthenticated(error)) throw error;
        await renew(used);
        const other = ask ? await current() : access;
        if (other === used || other === undefined) throw error;
        return await send(other);
      }
    },
  };
}

/** Refuses here what the runtime would refuse with the token in its message. */
function checkToken(
  token: string | undefined,
  name = "apiKey",
): string | undefined {
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token;
  return refuse(name, "printable ASCII without spaces is wanted");
}

/** When a token was made and when it ends, in Unix seconds; `NaN` where it does not say. */
function claimsOf(token = ""): { readonly exp: number; readonly iat: number } {
  let claims: JsonValue | undefined;
  try {
    claims = parseJson(
      atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/")),
    );
  } catch {
    // Opaque to us: the server says when it is over.
  }
  const { exp, iat } = Object(claims);
  return { exp: Number(exp), iat: Number(iat) };
}
