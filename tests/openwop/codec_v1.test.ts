import assert from "node:assert/strict";
import test from "node:test";
import { codecV1, codecV2, hostCodecV1 } from "@tutti/sdk/openwop";
import type { JsonObject } from "@tutti/sdk/openwop";
import { answer, call, read } from "../support/codec_calls.ts";

test("codecV1 writes paths below /v1, with percent instead of tilde", () => {
  const paths = [
    ["/runs", "/v1/runs"],
    ["/runs/acme~2Frun-1:fork", "/v1/runs/acme%2Frun-1:fork"],
    ["/runs/a~3Ab/interrupts/n~C3~BC", "/v1/runs/a%3Ab/interrupts/n%C3%BC"],
    ["/runs/a~7Eb", "/v1/runs/a~b"],
    ["/host/workspace/files/a~2520b", "/v1/host/workspace/files/a%2520b"],
    ["/.well-known/openwop", "/.well-known/openwop"],
  ] as const;
  for (const [path, wanted] of paths) {
    assert.equal(codecV1.write(call({ path })).path, wanted);
    assert.equal(codecV2.write(call({ path })).path, path);
  }
});

test("codecV1 asks for one event more than it gives, under both names of the cursor", () => {
  const cursors = [
    [undefined, {}],
    [0, {}],
    [1, { lastSequence: 0, since: 0 }],
    [7, { lastSequence: 6, since: 6 }],
  ] as const;
  for (const [afterSequence, wanted] of cursors) {
    const { query } = codecV1.write(
      call({ query: { afterSequence, timeout: 5 } }),
    );
    assert.deepEqual(query, { ...wanted, timeout: 5 });
  }
});

test("codecV1 names headers as version 1 does, and does not name a version", () => {
  const { headers } = codecV1.write(call({
    headers: {
      "OpenWOP-Dedup": "enforce",
      "openwop-force-engine-version": "3",
      "if-none-match": '"x"',
    },
  }));
  assert.deepEqual(headers, {
    "X-Dedup": "enforce",
    "X-Force-Engine-Version": "3",
    "if-none-match": '"x"',
  });
  const two = codecV2.write(call({ headers: { "OpenWOP-Dedup": "enforce" } }));
  assert.deepEqual(Object.keys(two.headers ?? {}), [
    "OpenWOP-Version",
    "OpenWOP-Client-Version",
    "OpenWOP-Dedup",
  ]);
});

test("codecV1 takes answers that name version 1 or none", () => {
  for (const version of [null, "1", "1.0", "1.12"]) {
    assert.ok(codecV1.matches(version));
    assert.ok(!codecV2.matches(version));
  }
  for (const version of ["2", "2.0", "2.7"]) {
    assert.ok(codecV2.matches(version));
    assert.ok(!codecV1.matches(version));
  }
  for (const version of ["", "10.0", "20", "v2"]) {
    assert.ok(!codecV1.matches(version) && !codecV2.matches(version), version);
  }
});

test("codecV1 flattens the options of a run and of a fork, codecV2 checks them", () => {
  const configurable = { run: { recursionLimit: 3 }, ai: { model: "m" } };
  const flat = { recursionLimit: 3, model: "m" };
  const create = call({
    name: "runs.create",
    json: { workflowId: "w", configurable },
  });
  assert.deepEqual(codecV1.write(create).json, {
    workflowId: "w",
    configurable: flat,
  });
  assert.deepEqual(codecV2.write(create).json, {
    workflowId: "w",
    configurable: { version: 1, ...configurable },
  });
  const fork = call({
    name: "runs.fork",
    json: { mode: "branch", runOptionsOverlay: { configurable, tags: ["a"] } },
  });
  assert.deepEqual(codecV1.write(fork).json, {
    mode: "branch",
    runOptionsOverlay: { configurable: flat, tags: ["a"] },
  });
  assert.throws(
    () =>
      codecV2.write(
        call({ name: "runs.create", json: { configurable: flat } }),
      ),
    { code: "invalid-argument", path: "configurable.recursionLimit" },
  );
  // A version 1 host gets what a version 1 user wrote.
  assert.deepEqual(
    codecV1.write(call({ name: "runs.create", json: { configurable: flat } }))
      .json,
    { configurable: flat },
  );
});

test("codecV1 subscribes to the names that version 1 gave events", () => {
  const body = { url: "https://a.test", events: ["agent.tool-called", "a.b"] };
  const register = call({ name: "webhooks.register", json: body });
  const wire = codecV1.write(register).json as JsonObject;
  assert.deepEqual(wire.events, ["agent.toolCalled", "a.b"]);
  assert.deepEqual(hostCodecV1.readBody("webhooks.register", wire), body);
  assert.deepEqual(codecV2.write(register).json, body);
  assert.equal(
    read("webhooks.register", { subscriptionId: "s" }).webhookId,
    "s",
  );
});

// The rest of a page, as each host of openwop-observed.md §6.3 names it.
const pages: readonly {
  readonly host: string;
  readonly page: JsonObject;
  readonly wanted: JsonObject;
}[] = [
  {
    host: "mem, sqlite",
    page: {
      runId: "r",
      lastEventSeq: 5,
      runStatus: "running",
      isTerminal: false,
    },
    wanted: { lastSequence: 5, status: "running", isTerminal: false },
  },
  { host: "pg", page: { isComplete: false }, wanted: { isTerminal: false } },
  {
    host: "python",
    page: {
      lastEventSeq: 5,
      runStatus: "completed",
      isTerminal: true,
      isComplete: false,
    },
    wanted: { lastSequence: 5, status: "completed", isTerminal: true },
  },
  { host: "app", page: { isComplete: true }, wanted: { isTerminal: true } },
  {
    host: "version 2 words",
    page: { lastSequence: 5, status: "failed", isTerminal: true },
    wanted: { lastSequence: 5, status: "failed", isTerminal: true },
  },
  { host: "none", page: {}, wanted: { isTerminal: false } },
];

test("codecV1 reads the pages of every host, and drops what was asked for in vain", () => {
  for (const { host, page, wanted } of pages) {
    const { events, ...rest } = read("runs.poll", {
      ...page,
      events: [
        { type: "run.started", sequence: 0, payload: { workflowId: "w" } },
        { type: "agent.toolCalled", sequence: 1, payload: {} },
        { type: "log.appended", sequence: 2, payload: null },
      ],
    }, { query: { afterSequence: 0 } });
    assert.deepEqual(rest, wanted, host);
    const sequences = (events as readonly JsonObject[])
      .map(({ sequence }) => sequence);
    assert.deepEqual(sequences, [1, 2], host);
  }
});

test("codecV1 finds the status in the events when the page does not say", () => {
  for (const end of ["completed", "failed", "cancelled"]) {
    const page = read("runs.poll", {
      events: [{ type: `run.${end}`, sequence: 0, payload: null }],
    });
    assert.equal(page.status, end);
    assert.equal(page.isTerminal, true);
  }
});

test("codecV1 and codecV2 do not believe a page that holds something else than events", () => {
  for (const codec of [codecV1, codecV2]) {
    const operation = codec.write(call({ name: "runs.poll" }));
    for (const odd of [null, 7, {}, { type: "a" }, { sequence: 1 }]) {
      assert.throws(
        () => operation.decode({ events: [odd] }, answer),
        { code: "decode" },
      );
    }
  }
});

test("codecV1 reads the snapshots of all hosts", () => {
  const legacy = {
    tenant: "",
    subject: {
      issuer: "urn:openwop:legacy",
      subjectId: "",
      tenant: "",
      lane: "api-key",
      kind: "user",
    },
  };
  const base = { runId: "r", workflowId: "w", status: "failed" };
  const cases: [body: JsonObject, wanted: JsonObject][] = [
    [base, { ...base, eventLogSchemaVersion: 2, owner: legacy }],
    [
      { ...base, endedAt: null, error: null, startedAt: "t0" },
      { ...base, eventLogSchemaVersion: 2, owner: legacy, startedAt: "t0" },
    ],
    [
      { ...base, endedAt: "t1", workspace: ["a"], parentNodeId: "n" },
      {
        ...base,
        eventLogSchemaVersion: 2,
        owner: legacy,
        completedAt: "t1",
        extensions: { v1: { workspace: ["a"], parentNodeId: "n" } },
      },
    ],
    [
      {
        ...base,
        completedAt: "t2",
        endedAt: "t1",
        eventLogSchemaVersion: 3,
        owner: { tenant: "acme", workspace: "ws", principal: "bo" },
        configurable: { recursionLimit: 1 },
      },
      {
        ...base,
        completedAt: "t2",
        eventLogSchemaVersion: 3,
        owner: {
          tenant: "acme",
          workspace: "ws",
          subject: {
            ...legacy.subject,
            tenant: "acme",
            subjectId: "bo",
          },
        },
        configurable: { version: 1, run: { recursionLimit: 1 } },
      },
    ],
    [
      { ...base, principal: "p", principalKind: "anonymous" },
      {
        ...base,
        eventLogSchemaVersion: 2,
        owner: {
          tenant: "",
          subject: {
            ...legacy.subject,
            subjectId: "p",
            kind: "anonymous",
            lane: "anonymous",
          },
        },
      },
    ],
  ];
  for (const [body, wanted] of cases) {
    assert.deepEqual(read("runs.get", body), wanted);
  }
});

test("codecV1 fills in what an answer of version 1 may lack", () => {
  // The python host gives no addresses.
  assert.deepEqual(read("runs.create", { runId: "a b", status: "completed" }), {
    runId: "a b",
    status: "completed",
    statusUrl: "/v1/runs/a%20b",
    eventsUrl: "/v1/runs/a%20b/events",
  });
  assert.equal(
    read("runs.create", { runId: "r", eventsUrl: "/e" }).eventsUrl,
    "/e",
  );
  const path = "/runs/r1/interrupts/gate~2F1";
  const resolved = [
    [{ runId: "r1", nodeId: "x", status: "running" }, "x"],
    [{ runId: "r1", status: "running", interrupt: { nodeId: "y" } }, "y"],
    [{ runId: "r1", status: "running" }, "gate/1"],
  ] as const;
  for (const [body, nodeId] of resolved) {
    assert.equal(read("interrupts.resolve", body, { path }).nodeId, nodeId);
  }
  assert.deepEqual(
    read("runs.bulkCancel", {
      results: [
        { runId: "a", ok: true, status: "cancelled" },
        {
          runId: "b",
          ok: false,
          error: { code: "run_terminal", message: "m" },
        },
        {
          runId: "c",
          ok: false,
          error: { error: "run_not_found", message: "" },
        },
      ],
    }).results,
    [
      { runId: "a", ok: true, status: "cancelled" },
      { runId: "b", ok: false, error: { error: "run_terminal", message: "m" } },
      { runId: "c", ok: false, error: { error: "not_found", message: "" } },
    ],
  );
});

test("codecV1 takes keys as they are, as long as a header can hold them", () => {
  for (const key of ["k", "a:b/c", "x".repeat(255)]) {
    assert.match(key, codecV1.keyGrammar);
  }
  for (const key of ["", "a b", "ü", "x".repeat(256), "a\n"]) {
    assert.doesNotMatch(key, codecV1.keyGrammar);
  }
  assert.doesNotMatch("k", codecV2.keyGrammar);
});
