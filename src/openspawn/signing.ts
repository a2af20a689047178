// Web standards only.
import { parseHex, randomHex, refuse, signHmac, toHex } from "../http/mod.ts";
import { signatureHeaders, signedText } from "./protocol/mod.ts";
import type { SigningParts } from "./protocol/mod.ts";

/** How to sign for a deployment that is not like the reference server; what is left out is as there. */
export interface SigningVariant {
  /** How the secret is written. @default "hex" */
  readonly secret?: "hex" | "text" | undefined;
  /** The time of signing, as the header has it. @default whole seconds since the epoch */
  readonly timestamp?: ((now: number) => string) | undefined;
  /**
   * The path as the server's process sees it, where a proxy takes something from it or adds to it. @default the path of
   * the URL, without its query
   */
  readonly path?: ((url: URL) => string) | undefined;
  /** Puts together what is signed. @default without separators, see the page of the client */
  readonly message?: ((parts: SigningParts) => string) | undefined;
}

/** Who signs. */
export interface AgentIdentity {
  /** Slug of the agent, not its UUID. */
  readonly agentId: string;
  /** 64 hex digits, told once when the agent was made. */
  readonly secret: string;
}

/** A request to sign. */
export interface SignableRequest {
  /** Upper case. */
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** As it is sent. */
  readonly body?: string | undefined;
}

/** Signs requests: gives the headers to add to one. */
export type RequestSigner = (
  request: SignableRequest,
  now?: number,
  nonce?: string,
) => Promise<Record<string, string>>;

/**
 * Makes the signer of an agent. The client has one; this is for requests that are made in another way.
 *
 * Every try wants a signature of its own: the server takes a nonce once, whatever it answers, and a timestamp within
 * 300 seconds of its own time.
 *
 * @param identity Who signs.
 * @param variant For deployments that sign in another way.
 * @returns a function of the request, the time in milliseconds (now) and the nonce (a fresh one). It rejects with
 * `invalid-argument` for a nonce that the server could not store.
 * @throws {InvalidArgumentError} `invalid-argument`: the agent's id is empty or no header can have it, or the secret is
 * not 64 hex digits. The secret is not in the message.
 *
 * @example
 * ```ts
 * import { createRequestSigner } from "@tutti/sdk/openspawn";
 * import assert from "node:assert/strict";
 *
 * const sign = createRequestSigner({
 *   agentId: "worker1",
 *   secret: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
 * });
 * const headers = await sign(
 *   { method: "GET", url: "https://api.example.com/api/v1/agents?page=2" },
 *   1_700_000_000_000,
 *   "000102030405060708090a0b0c0d0e0f",
 * );
 * assert.equal(
 *   headers["x-signature"],
 *   "189716cf5df000352c4e73eea952e5f77329a193b3a0b0e4f2bf62d720870e9a",
 * );
 * ```
 */
export function createRequestSigner(
  { agentId, secret }: AgentIdentity,
  variant: SigningVariant = {},
): RequestSigner {
  const {
    timestamp = (now) => `${Math.floor(now / 1_000)}`,
    path = ({ pathname }) => pathname,
    message = signedText,
  } = variant;
  if (!/^[!-~]+$/.test(agentId)) {
    refuse("agentId", "the slug of an agent is wanted");
  }
  const isText = variant.secret === "text";
  if (!(isText ? /./ : /^[\da-f]{64}$/i).test(secret)) {
    refuse("secret", "64 hex digits are wanted");
  }
  const key = isText ? new TextEncoder().encode(secret) : parseHex(secret)!;
  return async (
    { method, url, body },
    now = Date.now(),
    nonce = randomHex(),
  ) => {
    // The server answers 500 to a longer one.
    if (!/^[!-~]{1,64}$/.test(nonce)) {
      refuse("nonce", "1 to 64 printable characters are wanted");
    }
    const parts: SigningParts = {
      agentId,
      method,
      path: path(new URL(url)),
      timestamp: timestamp(now),
      nonce,
      body,
    };
    const signature = await signHmac(key, message(parts));
    return signatureHeaders(parts, toHex(signature));
  };
}
