// Web standards only.
import { refuse } from "./failures.ts";
import type { Observe } from "./observe.ts";

/** How {@linkcode fromEnv} reads. */
export interface FromEnvOptions {
  /** Begin of the names, for example `WOP` for `WOP_API_KEY`. */
  readonly prefix: string;
  /** What watches the calls where `<prefix>_DEBUG` is on, for example `debugLog()`. @default nothing */
  readonly observe?: Observe | undefined;
}

/** What the environment says: options of a client. */
export interface EnvSettings {
  /** From `<prefix>_BASE_URL`. */
  readonly baseUrl?: string;
  /** From `<prefix>_API_KEY`. */
  readonly apiKey?: string;
  /** Where `<prefix>_DEBUG` is on. */
  readonly observe?: Observe;
}

/**
 * Reads options of a client from environment variables that you hand in. Nothing in this library reads the environment
 * by itself.
 *
 * A variable that is empty counts as not set, and its option is left out, so that it can be spread before or after
 * options of your own.
 *
 * @param env For example `Deno.env.toObject()` or `process.env`.
 * @param options Which variables.
 * @throws {InvalidArgumentError} `invalid-argument`, for a prefix that no variable can have, and for a value of
 * `<prefix>_DEBUG` that says neither yes (`1`, `true`, `on`) nor no (`0`, `false`, `off`). No value is in the message.
 *
 * @example
 * ```ts
 * import { debugLog, fromEnv } from "@tutti/sdk/http";
 * import { OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const env = { WOP_BASE_URL: "https://wop.example.com", WOP_DEBUG: "0" };
 * const settings = fromEnv(env, { prefix: "WOP", observe: debugLog() });
 * assert.equal(settings.baseUrl, "https://wop.example.com");
 * assert.equal(settings.observe, undefined);
 * new OpenwopClient({ baseUrl: "http://localhost:8080", ...settings });
 * ```
 */
export function fromEnv(
  env: Readonly<Record<string, string | undefined>>,
  options: FromEnvOptions,
): EnvSettings {
  const { prefix, observe } = options;
  if (!/^[a-z]\w*$/i.test(prefix)) refuse("prefix", "a name is wanted");
  const read = (name: string): string => {
    const key = `${prefix}_${name}`;
    return Object.hasOwn(env, key) && env[key]?.trim() || "";
  };
  const [, isOn] = /^(?:(1|true|on)|0|false|off|)$/i.exec(read("DEBUG")) ??
    refuse(`${prefix}_DEBUG`, "on or off is wanted");
  const baseUrl = read("BASE_URL");
  const apiKey = read("API_KEY");
  return {
    ...(baseUrl && { baseUrl }),
    ...(apiKey && { apiKey }),
    ...(observe && isOn && { observe }),
  };
}
