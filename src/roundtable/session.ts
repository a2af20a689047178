// Web standards only.
import {
  checkToken,
  parseJson,
  refuse,
  refuseSecretInBrowser,
} from "../http/mod.ts";
import type { CallMiddleware, Clock } from "../http/mod.ts";
import type { AuthResource } from "./auth.ts";
import type { Credentials, Session } from "./credentials.ts";
import type { TokenPair } from "./protocol/mod.ts";
import { RoundTableError } from "./roundtable_error.ts";

/** Somebody who stays logged in. */
export interface KeptSession {
  /** What can be done by hand. */
  readonly auth: AuthResource;
  /** Gives calls their token, and once another one when the server refuses it. */
  readonly around: CallMiddleware;
}

/** What is known of somebody's tokens. */
interface Tokens {
  readonly access_token?: string | undefined;
  readonly refresh_token?: string | undefined;
}

/** The operations as the server has them. */
export interface AuthMethods extends Omit<AuthResource, "refresh"> {
  refresh(request: { readonly refresh_token: string }): Promise<TokenPair>;
}

/**
 * Keeps a session alive. Sends nothing before the first call that needs a token.
 *
 * @param options Who it is.
 * @param clock Whose time to use.
 * @param methods What the server can do.
 */
export function createSession(
  options: Credentials,
  clock: Clock,
  methods: AuthMethods,
): KeptSession {
  const { apiKey, email = "", password = "" } = options;
  const ask = typeof apiKey === "function" ? apiKey : undefined;
  let access: string | undefined;
  let refresh: string | undefined;
  let leftMs: number;
  let endsAt: number;
  let renewal: Promise<void> | undefined;
  if (!email !== !password) {
    refuse("password", "an email and a password are wanted, or neither");
  }
  if (password) {
    refuseSecretInBrowser("password", options.allowSecretsInBrowser);
  }
  keep({
    access_token: ask ? undefined : apiKey as string,
    refresh_token: options.refreshToken,
  }, false);

  /** Makes these the tokens of the session, and gives them on. */
  function keep<Pair extends Tokens>(pair: Pair, isFresh = true): Pair {
    access = checkToken("apiKey", pair.access_token);
    // The answer to a refresh has no new one.
    refresh = checkToken("refreshToken", pair.refresh_token ?? refresh);
    // When it ends it says itself: what the server says is what was configured.
    const { exp, iat } = claimsOf(access);
    const now = clock.now();
    // How long a fresh one lives does not depend on whose clock is right.
    leftMs = isFresh && (exp - iat) * 1_000 || exp * 1_000 - now;
    endsAt = now + leftMs;
    return pair;
  }

  /** Gets a new access token. One request, however many ask. */
  function renew(): Promise<void> {
    return renewal ??= logIn().finally(() => renewal = undefined);
  }

  async function logIn(): Promise<void> {
    const [old, used] = [access, refresh];
    let pair: Tokens | "" | undefined;
    try {
      pair = used && await methods.refresh({ refresh_token: used });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (refresh === used) refresh = undefined;
      if (!email) throw error;
    }
    pair ||= email && await methods.login({ email, password });
    // Whoever logged in or out meanwhile has the last word.
    if (pair && access === old) keep(pair);
  }

  /** The token to send: another one than that which the server has refused, where there is one to be had. */
  async function tokenFor(refused?: string): Promise<string | undefined> {
    if (ask) return checkToken("apiKey", await ask());
    if (access === refused || clock.now() >= endsAt - leftMs / 20) {
      await renew().catch((error) => {
        // Too early to give up: it is still good for a while.
        if (refused || !(clock.now() < endsAt)) throw error;
      });
    }
    return access;
  }

  return {
    auth: {
      ...methods,
      get session(): Session {
        return { apiKey: access, refreshToken: refresh };
      },
      register: async (...args) => keep(await methods.register(...args)),
      login: async (...args) => keep(await methods.login(...args)),
      refresh: renew,
      async logout(call): Promise<void> {
        await methods.logout(call);
        refresh = undefined;
        keep({});
      },
    },
    async around(request, next, { operation }) {
      if (operation.auth === false || request.headers.has("authorization")) {
        return await next(request);
      }
      const send = (token: string | undefined): ReturnType<typeof next> => {
        // A copy: whoever stands around this may send the request again, and has given no token.
        const headers = new Headers(request.headers);
        if (token) headers.set("authorization", `Bearer ${token}`);
        return next({ ...request, headers });
      };
      const used = await tokenFor();
      try {
        return await send(used);
      } catch (error) {
        const other = RoundTableError.is(error) &&
          error.kind === "authentication" && await tokenFor(used);
        if (!other || other === used) throw error;
        return await send(other);
      }
    },
  };
}

/** Whether the server takes the token for none: whatever else it is may pass, as a 408 and a 429 do. */
function isRefusal(error: unknown): boolean {
  return RoundTableError.is(error) && error.status >= 400 &&
    error.status < 500 && !error.retryable;
}

/** When a token was made and when it ends, in Unix seconds; of an opaque one, the server says when it has ended. */
function claimsOf(
  token: string | undefined,
): { readonly exp: number; readonly iat: number } {
  try {
    const payload = token!.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/");
    return Object(parseJson(atob(payload)));
  } catch {
    return Object();
  }
}
