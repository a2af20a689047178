// Web standards only.
import { refuseSecretInBrowser } from "./browser_secrets.ts";
import type { HeaderRecord } from "./headers.ts";
import type { CallContext, HttpRequest, Sign } from "./operation.ts";
import { checkToken } from "./token.ts";

/** A token, or what gives one; a function is asked anew for every try. */
export type TokenSource = string | (() => string | Promise<string>);

/** Makes the headers that say who calls. */
export type Credentials = (
  request: HttpRequest,
  context: CallContext,
) => HeaderRecord | Promise<HeaderRecord>;

/**
 * Makes the `sign` of a transport that adds headers to each try; operations with `auth: false` go without.
 *
 * @param credentials Makes them.
 *
 * @example
 * ```ts
 * import { bearer, createTransport, signWith } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const transport = createTransport({
 *   baseUrl: "https://api.example.com",
 *   sign: signWith(bearer("apiKey", () => "a.b.c")),
 *   fetch: ({ headers }) => Response.json(headers.get("authorization")),
 * });
 * const { data } = await transport.call({
 *   method: "GET",
 *   path: "/me",
 *   contract: "safe",
 *   decode: (body) => body,
 * });
 * assert.equal(data, "Bearer a.b.c");
 * ```
 */
export function signWith(credentials: Credentials): Sign {
  return async (request, context) => {
    if (context.operation.auth !== false) {
      const headers = await credentials(request, context);
      for (const name in headers) request.headers.set(name, `${headers[name]}`);
    }
    return request;
  };
}

/**
 * Makes the header of a bearer token, for {@linkcode signWith}.
 *
 * @param path Name of the option, for the message.
 * @param token What to send.
 * @param allowed Whether it may be a string in a browser.
 * @throws {InvalidArgumentError} `invalid-argument`, for a token that no header can carry, and for a string in a browser.
 * For what a function gives the call throws it. The token is not in the message.
 */
export function bearer(
  path: string,
  token: TokenSource,
  allowed?: boolean,
): Credentials {
  const isFixed = typeof token !== "function";
  if (isFixed) {
    checkToken(path, token);
    refuseSecretInBrowser(path, allowed);
  }
  return async () => ({
    authorization: `Bearer ${
      isFixed ? token : checkToken(path, await token() ?? "")
    }`,
  });
}
