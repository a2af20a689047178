// Web standards only.
import { parseJson } from "../http/mod.ts";
import type { JsonValue } from "../http/mod.ts";

/** What stands in place of a secret; in a route it matches any value. */
export const MASK = "*";

// Everything else is masked: a header that nobody thought of is more often a credential than a help.
const harmless =
  /^(accept|accept-language|allow|cache-control|content-language|content-type|date|etag|idempotent-replay|if-none-match|last-event-id|last-modified|request-id|retry-after|retry-after-ms|traceparent|user-agent|vary|x-request-id|(x-)?ratelimit-[a-z-]+)$/;

// They belong to one connection, or describe bytes that fetch has already unpacked.
const framing =
  /^(connection|content-encoding|content-length|keep-alive|transfer-encoding)$/;

/** Whether a header, a query parameter, a form field or a property is called like a secret. */
function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return /token|secret|passw|authoriz|credential|signature|cookie|apikey|accesskey|privatekey|signingkey|jwt|^(sig|auth|pwd|pin|otp)$/
    .test(plain) && !/page|cursor|continuation/.test(plain);
}

/** Learns secrets by their names, then takes them out wherever they stand. */
export class Masks {
  readonly #keep: ReadonlySet<string>;
  readonly #values = new Set<string>();

  constructor(secrets: readonly string[], keepHeaders: readonly string[]) {
    for (const secret of secrets) this.#learn(secret, 1);
    this.#keep = new Set(keepHeaders.map((name) => name.toLowerCase()));
  }

  /** Takes note of the secrets in these headers. */
  learnHeaders(headers: Headers): void {
    for (const [name, value] of headers) {
      if (!isSecretName(name)) continue;
      this.#learn(value);
      // Without the scheme; and a cookie without its attributes and its name.
      for (const word of value.split(";")[0]!.split(/[\s=]+/)) {
        this.#learn(word);
      }
    }
  }

  /** Takes note of the secrets in this text. */
  learnText(text: string, type: string): void {
    this.#rewrite(text, type, (value) => this.#learn(value));
  }

  headers(headers: Headers): Record<string, string> {
    const masked: Record<string, string> = {};
    for (const [name, value] of headers) {
      if (framing.test(name)) continue;
      const shown = harmless.test(name) || this.#keep.has(name);
      masked[name] = shown ? this.#hide(value) : MASK;
    }
    return masked;
  }

  text(text: string, type: string): string {
    return this.#hide(this.#rewrite(text, type));
  }

  path(path: string): string {
    const [bare = "", ...rest] = path.split("?");
    if (rest.length === 0) return this.#hide(bare);
    return this.#hide(`${bare}?${this.#form(rest.join("?"))}`);
  }

  /** Takes note of the secrets in the query. */
  learnPath(path: string): void {
    this.#form(
      path.split("?").slice(1).join("?"),
      (value) => this.#learn(value),
    );
  }

  #learn(value: string, least = 8): void {
    if (value.length >= least) this.#values.add(value);
  }

  #hide(text: string): string {
    // Longer ones first, so that none is left in half.
    const values = [...this.#values].sort((a, b) => b.length - a.length);
    let hidden = text;
    for (const value of values) {
      const escaped = JSON.stringify(value).slice(1, -1);
      for (const form of [value, encodeURIComponent(value), escaped]) {
        hidden = hidden.replaceAll(form, MASK);
      }
    }
    return hidden;
  }

  #rewrite(
    text: string,
    type: string,
    seen: (value: string) => void = () => {},
  ): string {
    if (type.includes("form-urlencoded")) return this.#form(text, seen);
    const whole = rewriteJson(text, seen);
    if (whole !== undefined) return whole;
    // Lines of JSON, and the data lines of an event stream.
    return text.replace(
      /^(data: ?)?([[{].*[\]}])(\r?)$/gm,
      (line, field = "", json, end) => {
        const rewritten = rewriteJson(json, seen);
        return rewritten === undefined ? line : field + rewritten + end;
      },
    );
  }

  #form(text: string, seen: (value: string) => void = () => {}): string {
    return text.split("&").map((pair) => {
      const [name = "", ...rest] = pair.split("=");
      const value = rest.join("=");
      if (value === "" || !isSecretName(decode(name))) return pair;
      seen(decode(value));
      return `${name}=${MASK}`;
    }).join("&");
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** The same JSON without its secrets, byte for byte where it has none; `undefined` for what is no JSON. */
function rewriteJson(
  text: string,
  seen: (value: string) => void,
): string | undefined {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch {
    return undefined;
  }
  let found = false;
  const masked = JSON.stringify(value, (name, inner: unknown) => {
    if (typeof inner !== "string" || !isSecretName(name)) return inner;
    found = true;
    seen(inner);
    return MASK;
  });
  return found ? masked : text;
}
