// Web standards only.

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
