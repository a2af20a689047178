// Web standards only.
import { refuse } from "./failures.ts";

/**
 * Refuses a secret that lives long, such as an API key in a string, where it would be in a browser: everybody who opens
 * the page could read and keep it. Clients call this; a function that gives short-lived tokens is no such secret.
 *
 * @param path Name of the option, for the message.
 * @param allowed What the user said: `true` where the key is made for browsers.
 * @param globals The global object. @default globalThis
 * @throws {InvalidArgumentError} `invalid-argument`, in a page or a worker of a browser.
 *
 * @example
 * ```ts
 * import { refuseSecretInBrowser } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const page = { document: {} };
 * assert.throws(() => refuseSecretInBrowser("apiKey", false, page), {
 *   code: "invalid-argument",
 * });
 * refuseSecretInBrowser("apiKey", true, page);
 * ```
 */
export function refuseSecretInBrowser(
  path: string,
  allowed: boolean | undefined,
  globals: object = globalThis,
): void {
  const { Deno, process, document, importScripts, navigator } =
    globals as Record<
      string,
      | {
        readonly versions?: { readonly node?: unknown };
        readonly userAgent?: string;
      }
      | undefined
    >;
  // A document or a browser's kind of worker, and no server runtime, which may imitate both; Bun says that it is Node.
  // Servers that run workers may have importScripts too, but say who they are; every browser says that it is Mozilla.
  if (
    allowed !== true && !Deno && !process?.versions?.node &&
    (document ||
      importScripts && /^Mozilla/.test(navigator?.userAgent ?? "Mozilla"))
  ) {
    refuse(
      path,
      "in a browser everybody can read it",
      {
        hint: "let a function give tokens, or allowSecretsInBrowser",
      },
    );
  }
}
