// Web standards only.
import { fromEnv, refuse } from "../http/mod.ts";
import type { EnvSettings, Observe, RetryOptions } from "../http/mod.ts";

/** What the environment says: options of a client. */
export interface RoundTableEnv extends EnvSettings {
  /** From `ROUNDTABLE_BASE_URL`, or the server's default. */
  readonly baseUrl: string;
  /** From `ROUNDTABLE_REFRESH_TOKEN`. */
  readonly refreshToken?: string;
  /** From `ROUNDTABLE_EMAIL`. */
  readonly email?: string;
  /** From `ROUNDTABLE_PASSWORD`. */
  readonly password?: string;
  /** From `ROUNDTABLE_TIMEOUT`. */
  readonly timeoutMs?: number;
  /** From `ROUNDTABLE_MAX_RETRIES`. */
  readonly retry?: RetryOptions;
}

/** How {@linkcode roundTableFromEnv} reads. */
export interface RoundTableEnvOptions {
  /** What watches the calls where `ROUNDTABLE_DEBUG` is on, for example `debugLog()`. @default nothing */
  readonly observe?: Observe | undefined;
}

/**
 * Reads the options of a client from environment variables that you hand in: those that the official SDKs read, in both
 * spellings of the guides (`ROUNDTABLE_…` before `ROUND_TABLE_…`), and those that they lack.
 *
 * | Variable | Option |
 * | --- | --- |
 * | `ROUNDTABLE_BASE_URL` | `baseUrl`; `http://localhost:8000/api/v1` where it is not set |
 * | `ROUNDTABLE_API_KEY` | `apiKey` |
 * | `ROUNDTABLE_REFRESH_TOKEN` | `refreshToken` |
 * | `ROUNDTABLE_EMAIL`, `ROUNDTABLE_PASSWORD` | `email`, `password` |
 * | `ROUNDTABLE_TIMEOUT` | `timeoutMs`: below 1000 it is in seconds, as the Python SDK reads it, else in milliseconds |
 * | `ROUNDTABLE_MAX_RETRIES` | `retry.retries` |
 * | `ROUNDTABLE_VERIFY_SSL` | only `true` will do: a `fetch` of yours would have to leave it out |
 * | `ROUNDTABLE_DEBUG` | `observe` |
 *
 * What is empty counts as not set.
 *
 * @param env For example `Deno.env.toObject()` or `process.env`.
 * @param options What watches the calls where `ROUNDTABLE_DEBUG` is on.
 * @throws {InvalidArgumentError} `invalid-argument`, naming the variable; its value is not in the message.
 *
 * @example
 * ```ts
 * import { RoundTableClient, roundTableFromEnv } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * const env = { ROUND_TABLE_API_KEY: "eyJ.eyJ.sig", ROUNDTABLE_TIMEOUT: "30" };
 * const settings = roundTableFromEnv(env);
 * assert.equal(settings.baseUrl, "http://localhost:8000/api/v1");
 * assert.equal(settings.timeoutMs, 30_000);
 * new RoundTableClient({ ...settings, retry: false });
 * ```
 */
export function roundTableFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  options: RoundTableEnvOptions = {},
): RoundTableEnv {
  const read = (name: string): string => {
    for (const prefix of PREFIXES) {
      const key = `${prefix}_${name}`;
      const value = Object.hasOwn(env, key) ? env[key]?.trim() : "";
      if (value) return value;
    }
    return "";
  };
  const readNumber = (name: string): number | undefined => {
    const text = read(name);
    if (!text) return undefined;
    return /^\d+(\.\d+)?$/.test(text)
      ? Number(text)
      : refuse(`ROUNDTABLE_${name}`, "a number is wanted");
  };
  if (!/^(true|1|yes|)$/i.test(read("VERIFY_SSL"))) {
    refuse(
      "ROUNDTABLE_VERIFY_SSL",
      "certificates are always verified; hand in a fetch of your own for a server without a good one",
    );
  }
  const timeout = readNumber("TIMEOUT");
  const retries = readNumber("MAX_RETRIES");
  const texts = {
    refreshToken: read("REFRESH_TOKEN"),
    email: read("EMAIL"),
    password: read("PASSWORD"),
  };
  const [first, second] = PREFIXES.map((prefix) =>
    fromEnv(env, { ...options, prefix })
  );
  return {
    baseUrl: "http://localhost:8000/api/v1",
    ...second,
    ...first,
    ...Object.fromEntries(
      Object.entries(texts).filter(([, value]) => value !== ""),
    ),
    ...(timeout !== undefined &&
      { timeoutMs: timeout < 1000 ? timeout * 1000 : timeout }),
    ...(retries !== undefined && { retry: { retries } }),
  };
}

const PREFIXES = ["ROUNDTABLE", "ROUND_TABLE"] as const;
