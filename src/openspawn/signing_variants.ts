// Web standards only.
import type { SigningVariant } from "./signing.ts";

/**
 * Ways of signing that documents and SDKs of the vendor describe and the reference server does not accept, for
 * deployments that do. For those without the prefix, set `apiPrefix: ""` as well.
 *
 * - `asSent`: no separators, the body as it is sent, that of a DELETE included; nothing where there is none. What the
 *   guide says, and what the Python SDK sends.
 * - `specification`: parts joined by `|`, the agent first, and the time as ISO 8601. What the API specification says.
 * - `typescriptSdk`: the query belongs to the path, and the secret is used as text. What `@openspawn/sdk` 0.0.1 sends.
 */
export const signingVariants: Readonly<
  Record<"asSent" | "specification" | "typescriptSdk", SigningVariant>
> = {
  asSent: {
    message: ({ method, path, timestamp, nonce, body = "" }) =>
      method + path + timestamp + nonce + body,
  },
  specification: {
    timestamp: (now) => new Date(now).toISOString(),
    message: ({ agentId, method, path, timestamp, nonce, body = "" }) =>
      [agentId, method, path, timestamp, nonce, body].join("|"),
  },
  typescriptSdk: {
    secret: "text",
    path: ({ pathname, search }) => pathname + search,
    message: ({ method, path, timestamp, nonce, body = "" }) =>
      method + path + timestamp + nonce + body,
  },
};
