// Web standards only.

/** The header of an idempotency key. Source: the reference server; the vendor's guide names another one, which the server ignores. */
export const IDEMPOTENCY_HEADER = "x-idempotency-key";

/** The headers of a signed request. Source: the reference server. */
export function signatureHeaders(
  { agentId, timestamp, nonce }: SigningParts,
  signature: string,
): Record<string, string> {
  return {
    "x-agent-id": agentId,
    "x-timestamp": timestamp,
    "x-nonce": nonce,
    "x-signature": signature,
  };
}

/** Who can use an operation; see {@linkcode OperationMark}. */
export type Credential = "agent" | "apiKey" | "accessToken";

/**
 * What is special about an operation of the table: `!` only agents can use it; `+` with an API key or a user's token it
 * takes effect and is answered with 500; `@` only users can use it; `-` it takes no credential; `~` it is answered with
 * 500, to agents as well. None for what works for all of them.
 */
export type OperationMark = "" | "!" | "+" | "@" | "-" | "~" | "!~";

/** What a signature is made of. */
export interface SigningParts {
  /** Slug of the agent. */
  readonly agentId: string;
  /** Upper case. */
  readonly method: string;
  /** As {@linkcode SigningVariant.path} gives it. */
  readonly path: string;
  /** As it stands in the header. */
  readonly timestamp: string;
  /** As it stands in the header. */
  readonly nonce: string;
  /** As it is sent; `undefined` where nothing is. */
  readonly body: string | undefined;
}

/**
 * The text that the server verifies: method, path, timestamp, nonce and body without anything between them. The body is
 * the server's own compact writing of the JSON that it read, `{}` where it read none, and nothing for GET and DELETE,
 * also where a DELETE has a body.
 */
export function signedText(parts: SigningParts): string {
  const { method, path, timestamp, nonce } = parts;
  let body = "";
  if (!/^(GET|DELETE)$/.test(method)) {
    try {
      body = JSON.stringify(JSON.parse(parts.body!));
    } catch {
      body = "{}";
    }
  }
  return method + path + timestamp + nonce + body;
}

/** A UUID as the server reads one: with hyphens, or 32 hex digits. */
export const UUID_FORM: RegExp =
  /^[\da-f]{8}(-?)([\da-f]{4}\1){3}[\da-f]{12}$/i;

/**
 * Takes the encrypted secrets of agents out of an answer, at any depth, in place. The server sends them with agents in
 * many answers, and nobody outside of it has any use for them.
 */
export function stripSecrets(body: unknown): void {
  const todo = [body];
  for (const value of todo) {
    if (!value || typeof value !== "object") continue;
    delete (value as { hmacSecretEnc?: unknown }).hmacSecretEnc;
    for (const inner of Object.values(value)) todo.push(inner);
  }
}
