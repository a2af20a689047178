import assert from "node:assert/strict";
import test from "node:test";
import {
  fromEnv,
  InvalidArgumentError,
  refuseSecretInBrowser,
} from "@tutti/sdk/http";
import type { Observe } from "@tutti/sdk/http";
import { OpenwopClient } from "@tutti/sdk/openwop";

const observe: Observe = () => {};

test("fromEnv() gives what is set, and leaves out what is not", () => {
  const cases = [
    [{}, {}],
    [{ WOP_BASE_URL: "", WOP_API_KEY: "  ", WOP_DEBUG: "" }, {}],
    [{ BASE_URL: "x", WOPBASE_URL: "x", wop_base_url: "x" }, {}],
    [
      { WOP_BASE_URL: " https://a.test ", WOP_API_KEY: "k" },
      { baseUrl: "https://a.test", apiKey: "k" },
    ],
    [{ WOP_DEBUG: "1" }, { observe }],
    [{ WOP_DEBUG: "TRUE" }, { observe }],
    [{ WOP_DEBUG: "on" }, { observe }],
    [{ WOP_DEBUG: "0" }, {}],
    [{ WOP_DEBUG: "off" }, {}],
    [{ WOP_DEBUG: "false" }, {}],
    [{ WOP_API_KEY: undefined }, {}],
  ] as const;
  for (const [env, settings] of cases) {
    assert.deepEqual(fromEnv(env, { prefix: "WOP", observe }), settings);
  }
  assert.deepEqual(fromEnv({ WOP_DEBUG: "1" }, { prefix: "WOP" }), {});
});

test("fromEnv() reads own variables only, and no others than its own", () => {
  const read: string[] = [];
  const env = new Proxy(
    Object.create({ WOP_API_KEY: "inherited" }) as Record<string, string>,
    {
      getOwnPropertyDescriptor(target, name) {
        read.push(String(name));
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    },
  );
  assert.deepEqual(fromEnv(env, { prefix: "WOP" }), {});
  assert.deepEqual(read.sort(), ["WOP_API_KEY", "WOP_BASE_URL", "WOP_DEBUG"]);
});

test("fromEnv() refuses a prefix that is none, and a switch that says neither yes nor no", () => {
  for (const prefix of ["", "1A", "A-B", "A B", "A="]) {
    assert.throws(
      () => fromEnv({}, { prefix }),
      (error) => InvalidArgumentError.is(error) && error.path === "prefix",
    );
  }
  for (const value of ["perhaps", "yes", "2", "true!"]) {
    assert.throws(
      () => fromEnv({ WOP_DEBUG: value }, { prefix: "WOP" }),
      (error) =>
        InvalidArgumentError.is(error) && error.path === "WOP_DEBUG" &&
        !error.message.includes(value),
    );
  }
});

const page = { document: {}, location: {} };
const worker = { importScripts: () => {} };

test("refuseSecretInBrowser() refuses in a page and in a worker, unless it is allowed", () => {
  const navigator = { userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/150" };
  for (
    const globals of [
      page,
      worker,
      { ...worker, navigator },
      { ...page, navigator: { userAgent: "Cloudflare-Workers" } },
      { ...page, process: { env: {} } },
    ]
  ) {
    // Only what is said in so many words: a text is no permission.
    for (const allowed of [false, undefined, "false" as never, 1 as never]) {
      assert.throws(
        () => refuseSecretInBrowser("apiKey", allowed, globals),
        (error) =>
          InvalidArgumentError.is(error) && error.path === "apiKey" &&
          error.hint?.includes("allowSecretsInBrowser") === true,
      );
    }
    refuseSecretInBrowser("apiKey", true, globals);
  }
});

test("refuseSecretInBrowser() lets servers be, also where they imitate a browser", () => {
  const node = { process: { versions: { node: "24.0.0" } } };
  for (
    const globals of [
      {},
      node,
      { ...node, ...page },
      { Deno: {}, ...page },
      { WorkerGlobalScope: {}, navigator: {} },
      // What Cloudflare gives to programs with a compatibility date before March 2024.
      { ...worker, navigator: { userAgent: "Cloudflare-Workers" } },
      globalThis,
    ]
  ) {
    refuseSecretInBrowser("apiKey", undefined, globals);
  }
});

test("a client refuses a string as API key in a browser, and takes a function", () => {
  const globals = globalThis as Record<string, unknown>;
  const hidden = ["Deno", "process"].filter((name) => name in globals)
    .map((name) =>
      [name, Object.getOwnPropertyDescriptor(globals, name)!] as const
    );
  const options = { baseUrl: "https://wop.test" };
  const attempt = (more: object): unknown => {
    try {
      for (const [name] of hidden) {
        Object.defineProperty(globals, name, {
          value: undefined,
          configurable: true,
        });
      }
      globals.document = {};
      return new OpenwopClient({ ...options, ...more });
    } catch (error) {
      return error;
    } finally {
      delete globals.document;
      for (const [name, descriptor] of hidden) {
        Object.defineProperty(globals, name, descriptor);
      }
    }
  };
  const refused = attempt({ apiKey: "secret" });
  assert.ok(InvalidArgumentError.is(refused));
  assert.equal(refused.path, "apiKey");
  assert.doesNotMatch(`${refused.message} ${refused.hint}`, /"secret"/);
  for (
    const more of [
      {},
      { apiKey: () => "token" },
      { apiKey: "public", allowSecretsInBrowser: true },
    ]
  ) {
    assert.ok(attempt(more) instanceof OpenwopClient);
  }
  assert.ok(new OpenwopClient({ ...options, apiKey: "secret" }));
});
