import assert from "node:assert/strict";
import test from "node:test";
import * as flux0 from "@tutti/sdk/flux0";
import { HttpError, InvalidArgumentError } from "@tutti/sdk/http";
import type { CallOptions, ClientOptions } from "@tutti/sdk/http";
import * as openspawn from "@tutti/sdk/openspawn";
import * as openwop from "@tutti/sdk/openwop";
import * as roundtable from "@tutti/sdk/roundtable";
import { FakeClock } from "../support/fake_clock.ts";

/** What a program may do with any of the four. */
interface Alike {
  readonly name: string;
  readonly module: {
    readonly InvalidArgumentError: unknown;
    readonly OPERATIONS: object;
  };
  readonly error: { is(value: unknown): boolean };
  /** Makes a client and reads something; a token of its own where it takes one. */
  read(
    settings: ClientOptions & { readonly apiKey?: string },
    options?: CallOptions,
  ): Promise<unknown>;
  /** Reads one thing by its id, and what that is called. */
  readonly id: readonly [
    path: string,
    get: (settings: ClientOptions, id: string) => unknown,
  ];
  /** Sends a text in a query, and what that is called. */
  readonly query: readonly [
    path: string,
    ask: (settings: ClientOptions, text: string) => unknown,
  ];
}

const clients: readonly Alike[] = [
  {
    name: "OpenWOP",
    module: openwop,
    error: openwop.OpenwopError,
    read: async (settings, options) =>
      await new openwop.OpenwopClient({ major: 2, ...settings })
        .agents.get("a", options),
    id: [
      "agentId",
      (settings, id) => new openwop.OpenwopV2Client(settings).agents.get(id),
    ],
    query: [
      "workflowId",
      (settings, workflowId) =>
        new openwop.OpenwopV2Client(settings).runs.list({ workflowId }).next(),
    ],
  },
  {
    name: "OpenSpawn",
    module: openspawn,
    error: openspawn.OpenSpawnError,
    read: async (settings, options) =>
      await new openspawn.OpenSpawnClient({
        apiKey: "osp_x",
        // These tests run in a browser too.
        allowSecretsInBrowser: true,
        ...settings,
      })
        .agents.list(options),
    id: ["id", (settings, id) => ofOpenSpawn(settings).agents.get(id)],
    query: [
      "type",
      (settings, type) => ofOpenSpawn(settings).events.list({ type }),
    ],
  },
  {
    name: "Round Table",
    module: roundtable,
    error: roundtable.RoundTableError,
    read: async (settings, options) =>
      await new roundtable.RoundTableClient(settings)
        .workspaces.list({}, options),
    id: [
      "workspaceId",
      (settings, id) =>
        new roundtable.RoundTableClient(settings).workspaces.get(id),
    ],
    query: ["agent_id", (settings, agentId) =>
      roundtable.createLiveMessages(
        new roundtable.RoundTableClient(settings),
        { agentId, WebSocket: NoSocket },
      )],
  },
  {
    name: "flux0",
    module: flux0,
    error: flux0.Flux0Error,
    read: async (settings, options) =>
      await new flux0.Flux0Client(settings).agents.list(options),
    id: [
      "agentId",
      (settings, id) => new flux0.Flux0Client(settings).agents.get(id),
    ],
    query: [
      "agent_id",
      (settings, agent_id) =>
        new flux0.Flux0Client(settings).sessions.list({ agent_id }),
    ],
  },
];

function ofOpenSpawn(settings: ClientOptions) {
  return new openspawn.OpenSpawnClient({
    ...settings,
    apiKey: () => "osp_x",
  });
}

class NoSocket {
  constructor() {
    assert.fail("a socket was opened");
  }
  send(): void {}
  close(): void {}
  addEventListener(): void {}
}

test("the four clients refuse the same options under the same names, and send nothing", async () => {
  for (const { name, read } of clients) {
    let sent = 0;
    // Time passes between any two looks: what was spent must not make a wrong budget a right one.
    let time = 0;
    const settings = {
      baseUrl: "https://platform.test",
      clock: Object.assign(new FakeClock(), { now: () => time++ }),
      fetch: () => {
        sent++;
        return Response.json({});
      },
    };
    const wrong: readonly [string, object, CallOptions?][] = [
      ["baseUrl", { baseUrl: "ftp://platform.test" }],
      ["baseUrl", { baseUrl: "https://user@platform.test" }],
      ["retry.factor", { retry: { factor: 0 } }],
      ["timeoutMs", { timeoutMs: -1 }],
      ["idleTimeoutMs", { idleTimeoutMs: NaN }],
      ["timeoutMs", {}, { timeoutMs: -1 }],
      ["retry.retries", {}, { retry: { retries: -1 } }],
      ['headers["a b"]', {}, { headers: { "a b": "c" } }],
      ...(name === "flux0"
        ? []
        : [["apiKey", { apiKey: "two words" }] as [string, object]]),
    ];
    for (const [path, changes, options] of wrong) {
      await assert.rejects(
        read({ ...settings, ...changes }, options),
        (error) => {
          assert.ok(InvalidArgumentError.is(error), `${name} ${path} ${error}`);
          assert.equal(error.path, path, name);
          return true;
        },
      );
    }
    assert.equal(sent, 0, name);
  }
});

test("the four clients refuse what is no id, and no text of a query, and send nothing", async () => {
  const settings = {
    baseUrl: "https://platform.test",
    fetch: () => assert.fail("it was sent"),
  };
  const wrong = ["a\ud800", {}, { toString: () => "a" }] as string[];
  for (const { name, id, query } of clients) {
    const ids = [...wrong, [] as never, ["a"] as never, "", ".."];
    for (const [[path, call], values] of [[id, ids], [query, wrong]] as const) {
      for (const value of values) {
        await assert.rejects(
          async () => await call(settings, value),
          (error) => {
            assert.ok(InvalidArgumentError.is(error), `${name} ${error}`);
            assert.equal(error.path, path, name);
            return true;
          },
        );
      }
    }
  }
});

test("the four clients fail with an error of their own, which shows nothing that the server wrote", async () => {
  for (const { name, error: kind, read } of clients) {
    const failing = read({
      baseUrl: "https://platform.test",
      retry: false,
      fetch: () =>
        Response.json({ detail: "hunter2", message: "hunter2" }, {
          status: 418,
          headers: { "x-request-id": "r-1", "openwop-version": "2.0" },
        }),
    });
    await assert.rejects(failing, (error) => {
      assert.ok(kind.is(error) && HttpError.is(error), name);
      const { code, status, attempts, requestId, retryable } = error;
      assert.deepEqual(
        { code, status, attempts, requestId, retryable },
        {
          code: "http-error",
          status: 418,
          attempts: 1,
          requestId: "r-1",
          retryable: false,
        },
        name,
      );
      assert.match(JSON.stringify(error.body), /hunter2/);
      assert.doesNotMatch(
        JSON.stringify(error) + error.stack,
        /hunter2/,
        name,
      );
      return true;
    });
  }
});

test("the four entry points have the error of a wrong argument, and tell their operations", () => {
  for (const { name, module } of clients) {
    assert.equal(module.InvalidArgumentError, InvalidArgumentError, name);
    assert.ok(Object.keys(module.OPERATIONS).length > 5, name);
  }
});

test("the four clients refuse options that are none, and middleware that is none, by name", () => {
  const makers: readonly [string, (options: never) => unknown][] = [
    ["baseUrl", (options) => new openwop.OpenwopClient(options)],
    ["baseUrl", (options) => new openwop.OpenwopV2Client(options)],
    ["options", (options) => new openspawn.OpenSpawnClient(options)],
    // The one that could do without any, and would talk to its default server.
    ["options", (options) => new flux0.Flux0Client(options)],
    ["baseUrl", (options) => new roundtable.RoundTableClient(options)],
  ];
  const isRefusal = (path: string) => (error: unknown): boolean =>
    InvalidArgumentError.is(error) && error.path === path;
  for (const [path, make] of makers) {
    for (const options of [null, 5, "https://platform.test"] as never[]) {
      assert.throws(() => make(options), isRefusal(path), String(make));
    }
    for (const name of ["aroundCall", "aroundAttempt"]) {
      const options = {
        baseUrl: "https://platform.test",
        agentId: "agent",
        secret: "00".repeat(32),
        allowSecretsInBrowser: true,
        [name]: 5,
      };
      assert.throws(
        () => make(options as never),
        isRefusal(name),
        `${make} ${name}`,
      );
    }
  }
});
