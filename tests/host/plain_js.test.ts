// What plain JavaScript, which no compiler stops, gets for options that are wrong.
import assert from "node:assert/strict";
import test from "node:test";
import {
  apiKeys,
  createHost,
  memoryStore,
  serve,
  sqliteStore,
} from "@tutti/sdk/host";
import { InvalidArgumentError } from "@tutti/sdk/http";
import { DefinitionError } from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";
import { hasSqlite } from "../support/store_file.ts";
import { gate } from "../support/wire.ts";

// deno-lint-ignore no-explicit-any
type Any = any;

/** What is handed over in the place of each option. */
const odd: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  true: true,
  zero: 0,
  NaN: NaN,
  minus: -1,
  part: 1.5,
  infinity: Infinity,
  bigint: 1n,
  symbol: Symbol("odd"),
  empty: "",
  text: "xyz",
  number: "10",
  list: [],
  "list of null": [null],
  "list of texts": ["xyz"],
  object: {},
  function: () => {},
};

interface Watched {
  /** What was begun. */
  readonly begun: string[];
  readonly store: Any;
  readonly clock: Any;
}

/** A store and a clock that say what is asked of them. */
function watched(): Watched {
  const begun: string[] = [];
  const clock = new FakeClock();
  return {
    begun,
    store: Object.fromEntries(
      Object.entries<Any>(memoryStore()).map(([name, member]) => [
        name,
        typeof member !== "function" ? member : (...given: unknown[]) => {
          begun.push(name);
          return member(...given);
        },
      ]),
    ),
    clock: {
      now: () => clock.now(),
      schedule: (ms: number, work: () => void) => {
        begun.push("schedule");
        return clock.schedule(ms, work);
      },
    },
  };
}

/** Some options with one of them, or of what is in them, replaced. */
function replaced(of: Any, path: readonly string[], value: unknown): Any {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const copy = Array.isArray(of) ? [...of] : { ...of };
  copy[name] = replaced(of?.[name], rest, value);
  return copy;
}

const key = { id: "k", secret: "s".repeat(32) };
const schema = {
  "~standard": { version: 1, vendor: "x", validate: () => ({}) },
};
const node = {
  typeId: "local.test.node",
  run: () => ({}),
  input: schema,
  output: schema,
  events: { "acme.seen": schema },
};

/** Every option of a host, and what it takes of what is odd. */
const hostOptions: Readonly<Record<string, string>> = {
  workflows: "list",
  "workflows.0.nodes": "undefined, list",
  "workflows.0.nodes.0": "",
  "workflows.0.nodes.0.typeId": "text, empty, number",
  "workflows.0.nodes.0.run": "function",
  "workflows.0.nodes.0.input": "undefined",
  "workflows.0.nodes.0.output": "undefined",
  "workflows.0.nodes.0.events": "undefined, object",
  "workflows.0.nodes.0.events.acme.seen": "undefined",
  store: "undefined",
  "store.append": "function",
  "store.isShared": "true",
  tenant: "undefined, text, number",
  subject: "undefined, function",
  webhooks: "undefined, object",
  "webhooks.allowPrivate": "undefined, true",
  "webhooks.fetch": "undefined, function",
  "webhooks.resolve": "undefined, function",
  "webhooks.timeoutMs": "undefined, part, infinity",
  cors: "undefined, list",
  "cors.0": "",
  majors: "undefined",
  "majors.0": "",
  minClientVersion: "undefined",
  registration: "undefined, object",
  "registration.nodes": "undefined, list",
  "registration.nodes.0": "",
  "registration.nodes.0.run": "function",
  limits: "undefined, object",
  "limits.openRuns": "undefined",
  "limits.bodyBytes": "undefined",
  interruptKeys: "undefined",
  "interruptKeys.0": "",
  "interruptKeys.0.id": "text, number",
  "interruptKeys.0.secret": "",
  clock: "undefined",
  "clock.now": "function",
  "clock.schedule": "function",
  ids: "undefined, function",
  onError: "undefined, function",
};

/** As the caller would write it: `workflows[0].nodes`. */
function written(of: string, path: string): string {
  return `${of}.${path}`.replace(/\.(\d+)(?=\.|$)/g, "[$1]");
}

function rightOptions({ store, clock }: Watched): Any {
  return {
    workflows: [{ definition: gate().definition, nodes: [node] }],
    store,
    tenant: "acme",
    subject: () => "s",
    webhooks: {},
    cors: ["https://app.example.com"],
    majors: [1, 2],
    minClientVersion: "2.42",
    registration: { nodes: [node] },
    limits: {},
    interruptKeys: [key],
    clock,
    ids: undefined,
    onError: () => {},
  };
}

/** The path that an error names is that of the option, of what it is in, or of a part of it. */
function assertNamed(error: unknown, wanted: string, what: string): void {
  assert.ok(
    InvalidArgumentError.is(error),
    `${wanted}, ${what}: ${error}`,
  );
  assert.ok(
    error.path.startsWith(wanted) || wanted.startsWith(error.path),
    `${wanted}, ${what}: it names ${error.path}`,
  );
  assert.doesNotMatch(error.message, /undefined|\[object/);
}

for (const [path, fine] of Object.entries(hostOptions)) {
  test(`createHost() takes for ${path} what is right, and nothing else`, async () => {
    for (const [what, value] of Object.entries(odd)) {
      const all = watched();
      const names = path === "workflows.0.nodes.0.events.acme.seen"
        ? ["workflows", "0", "nodes", "0", "events", "acme.seen"]
        : path.split(".");
      let host: Any;
      let error: unknown;
      try {
        host = createHost(replaced(rightOptions(all), names, value));
      } catch (thrown) {
        error = thrown;
      }
      const isFine = fine.split(", ").includes(what);
      assert.equal(error === undefined, isFine, `${path}, ${what}: ${error}`);
      if (isFine) await host.close();
      // What is wrong with a definition has places of its own.
      else if (!DefinitionError.is(error) || path !== "workflows") {
        assertNamed(error, written("options", path), what);
        assert.deepEqual(all.begun, [], what);
      }
    }
  });
}

test("createHost() refuses options that are none, and workflows that are none", () => {
  for (const [what, value] of Object.entries(odd)) {
    assert.throws(() => createHost(value as Any), (error) => {
      assertNamed(error, "options", what);
      return true;
    });
    const workflows = [value as Any];
    assert.throws(
      () => createHost({ workflows }),
      (error) => InvalidArgumentError.is(error) || DefinitionError.is(error),
      what,
    );
    const definition = value as Any;
    assert.throws(
      () => createHost({ workflows: [{ definition, nodes: [] }] }),
      DefinitionError.is,
      what,
    );
  }
});

test("createHost() refuses access when it is no function", async () => {
  for (const [what, access] of Object.entries(odd) as [string, Any][]) {
    const isFine = what === "undefined" || what === "function";
    if (isFine) await createHost({ workflows: [], access }).close();
    else {
      assert.throws(
        () => createHost({ workflows: [], access }),
        { code: "invalid-argument", path: "options.access" },
      );
    }
  }
});

const apiKey = {
  key: "sk_0123456789abcdef",
  tenant: "acme",
  subject: "ci",
  groups: ["g"],
  roles: ["r"],
  isTest: false,
};
const keyOptions: Readonly<Record<string, string>> = {
  "": "list",
  "0": "",
  "0.key": "",
  "0.tenant": "text, number",
  "0.subject": "text, number",
  "0.groups": "undefined, list, list of texts",
  "0.groups.0": "text, empty, number",
  "0.roles": "undefined, list, list of texts",
  "0.isTest": "undefined, true",
};

for (const [path, fine] of Object.entries(keyOptions)) {
  test(`apiKeys() takes for ${path || "keys"} what is right, and nothing else`, () => {
    for (const [what, value] of Object.entries(odd)) {
      const given = replaced(
        [apiKey],
        path === "" ? [] : path.split("."),
        value,
      );
      if (fine.split(", ").includes(what)) apiKeys(given);
      else {
        assert.throws(() => apiKeys(given), (error) => {
          const name = path === "" ? "keys" : written("keys", path);
          assertNamed(error, name, what);
          return true;
        });
      }
    }
  });
}

const serveOptions: Readonly<Record<string, string>> = {
  port: "undefined, zero",
  hostname: "undefined, text, number",
  drainMs: "undefined, zero, part",
  signal: "undefined, null",
};

for (const [path, fine] of Object.entries(serveOptions)) {
  test(`serve() takes for ${path} what is right, and nothing else`, async () => {
    for (const [what, value] of Object.entries(odd)) {
      if (fine.split(", ").includes(what)) continue;
      let asked = 0;
      const host = { fetch: () => asked++, close: () => asked++ } as Any;
      await assert.rejects(
        serve(host, { port: 0, [path]: value } as Any),
        (error) => {
          assertNamed(error, `options.${path}`, what);
          return true;
        },
      );
      assert.equal(asked, 0);
    }
  });
}

test("serve() refuses what is no host, and options that are none", async () => {
  for (const [what, value] of Object.entries(odd) as [string, Any][]) {
    await assert.rejects(serve(value), (error) => {
      assertNamed(error, "host", what);
      return true;
    });
    if (what === "undefined" || what === "object") continue;
    const host = createHost({ workflows: [] });
    await assert.rejects(serve(host, value), (error) => {
      assertNamed(error, "options", what);
      return true;
    });
    await host.close();
  }
  const aborted = AbortSignal.abort(new Error("before it began"));
  const host = createHost({ workflows: [] });
  await assert.rejects(serve(host, { port: 0, signal: aborted }), /before/);
  const server = await serve(host, { port: 0, signal: null as Any });
  await server.close();
});

const fileOptions: Readonly<Record<string, string>> = {
  survives: "undefined",
  leaseMs: "undefined",
  pollMs: "undefined, part",
  now: "undefined, function",
  repeat: "undefined, function",
};

for (const [path, fine] of Object.entries(fileOptions)) {
  test(`sqliteStore() takes for ${path} what is right, and nothing else`, () => {
    for (const [what, value] of Object.entries(odd)) {
      const options = { [path]: value } as Any;
      if (fine.split(", ").includes(what)) {
        if (hasSqlite()) sqliteStore(":memory:", options).close();
        continue;
      }
      assert.throws(() => sqliteStore(":memory:", options), (error) => {
        // Of the two times that are compared, the longer one is named.
        const name = path === "pollMs" && typeof value === "number"
          ? "options.leaseMs"
          : `options.${path}`;
        assertNamed(error, name, what);
        return true;
      });
    }
  });
}

test("sqliteStore() refuses a path that is no text, and options that are none", () => {
  for (const [what, value] of Object.entries(odd) as [string, Any][]) {
    if (typeof value !== "string") {
      assert.throws(() => sqliteStore(value), (error) => {
        assertNamed(error, "path", what);
        return true;
      });
    }
    if (what === "undefined" || what === "object") continue;
    assert.throws(() => sqliteStore(":memory:", value), (error) => {
      assertNamed(error, "options", what);
      return true;
    });
  }
});
