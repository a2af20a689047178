import assert from "node:assert/strict";
import test from "node:test";
import { workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { asyncDispose, InvalidArgumentError } from "@tutti/sdk/http";
import { DefinitionError } from "@tutti/sdk/openwop";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { FakeClock, settle, until } from "../support/fake_clock.ts";
import {
  definitionOf,
  delay,
  gate,
  noop,
  stepOf,
  Wire,
  workflowOf,
} from "../support/wire.ts";

function issuesOf(workflows: readonly RunnableWorkflow[]) {
  try {
    createHost({ workflows });
  } catch (error) {
    assert.ok(DefinitionError.is(error));
    return error;
  }
  throw new Error("nothing was refused");
}

test("createHost() refuses node types that nothing performs, all of them by name", () => {
  const first = workflowOf("first", [
    { id: "a", typeId: "local.test.one" },
    { id: "b", typeId: "core.noop" },
    { id: "c", typeId: "core.dispatch" },
  ]);
  const second = workflowOf("second", [{ id: "d", typeId: "local.test.two" }]);
  const error = issuesOf([first, noop, second]);
  assert.deepEqual(
    error.issues.map(({ code, source }) => [code, source]),
    [
      ["unknown-node-type", "a"],
      ["unknown-node-type", "c"],
      ["unknown-node-type", "d"],
    ],
  );
  for (const name of ["local.test.one", "core.dispatch", "local.test.two"]) {
    assert.ok(error.message.includes(name));
  }
  assert.ok(error.message.includes('"first", "second"'));
});

test("createHost() refuses invalid definitions, doubled ids and doubled code", () => {
  const bad = { definition: { id: "No" }, nodes: [] } as never;
  assert.ok(issuesOf([bad]).issues.length > 0);
  assert.ok(issuesOf([{} as never]).issues.length > 0);
  assert.ok(issuesOf([undefined as never]).issues.length > 0);
  assert.deepEqual(
    issuesOf([noop, noop]).issues.map(({ code }) => code),
    ["duplicate-workflow"],
  );
  const run = () => {};
  const twice = workflowOf("twice", [{ id: "a", typeId: "local.test.x" }], [
    { typeId: "local.test.x", run },
    { typeId: "local.test.x", run },
  ]);
  assert.deepEqual(
    issuesOf([twice]).issues.map(({ code }) => code),
    ["duplicate-node-type"],
  );
  const node = { typeId: "local.test.x", run };
  createHost({
    workflows: [
      workflowOf("shared", [{ id: "a", typeId: "local.test.x" }], [node, node]),
    ],
  });
  const own = workflowOf("own", [{ id: "a", typeId: "core.noop" }], [
    { typeId: "core.noop", run },
  ]);
  assert.deepEqual(
    issuesOf([own]).issues.map(({ code }) => code),
    ["reserved-node-type"],
  );
});

test("createHost() says what is wrong with what plain JavaScript hands it", () => {
  const draft = workflow("draft", { version: "1.0.0" }).input()
    .approval("gate", () => ({ title: "Go on?" }));
  assert.throws(() => createHost({ workflows: [draft as never] }), {
    code: "definition-invalid",
    message: /declaration that was not built; end it with build\(\)/,
  });
  assert.throws(() => createHost({ workflows: draft as never }), {
    code: "invalid-argument",
    path: "options.workflows",
  });
  assert.throws(() => createHost({ workflows: [], store: "a.db" as never }), {
    code: "invalid-argument",
    path: "options.store",
  });
});

test("createHost() refuses a tenant that cannot be part of an id", async () => {
  for (const tenant of ["", "a/b", "a~b", "x".repeat(129), "ä"]) {
    assert.throws(
      () => createHost({ workflows: [], tenant }),
      InvalidArgumentError.is,
    );
  }
  const wire = new Wire(createHost({ workflows: [noop], tenant: "Acme.1" }));
  const run = await wire.start("conformance-noop");
  const { runId, owner } = (await wire.get(run)).body;
  assert.match(runId, /^Acme\.1\/[0-9a-f]{32}$/);
  assert.equal(owner.tenant, "Acme.1");
  assert.equal(owner.subject.tenant, "Acme.1");
});

test("a run ends with the definition that it started with", async () => {
  const definition = definitionOf("mine", [
    { id: "gate", typeId: "core.approvalGate" },
    { id: "after", typeId: "core.noop", after: ["gate"] },
  ]);
  const wire = new Wire(
    createHost({ workflows: [{ definition, nodes: [] }] }),
  );
  const before = structuredClone(definition);
  const run = await wire.start("mine");
  await wire.reach(run, "waiting-approval");
  (definition.nodes as unknown[]).pop();
  (definition.edges as unknown[]).pop();
  await wire.accept(run);
  const { nodeStates } = await wire.reach(run, "completed");
  assert.deepEqual(Object.keys(nodeStates), ["gate", "after"]);
  assert.deepEqual((await wire.get("/workflows/mine")).body, before);
});

test("fetch() can be used wherever the global one can", async () => {
  const host = createHost({ workflows: [noop] });
  const { fetch } = host;
  const path = "/workflows/conformance-noop";
  const answers = [
    await fetch(host.url + path),
    await fetch(new URL(path, host.url)),
    await fetch(new Request(host.url + path)),
    await fetch(`https://elsewhere.example:8080${path}?x=1#y`),
    await fetch(new Request(`${host.url}/x`), { method: "POST" }),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 404],
  );
  for (const answer of answers) await answer.text();
  await assert.rejects(fetch("not an address"), TypeError);
  await assert.rejects(fetch(host.url, { headers: { "a b": "c" } }), TypeError);
  const reason = new Error("never mind");
  const signal = AbortSignal.abort(reason);
  await assert.rejects(fetch(host.url, { signal }), reason);
  await assert.rejects(fetch(new Request(host.url, { signal })), reason);
  const without = await fetch(new Request(host.url + path, { signal }), {
    signal: null,
  });
  assert.equal(without.status, 200);
  await without.text();
});

test("fetch() rejects with the reason when its caller gives up at once", async () => {
  const host = createHost({ workflows: [noop] });
  const controller = new AbortController();
  const call = host.fetch(`${host.url}/.well-known/openwop`, {
    signal: controller.signal,
  });
  const reason = new Error("changed my mind");
  controller.abort(reason);
  await assert.rejects(call, reason);
});

test("fetch() leaves no listener on a signal that outlives its calls", async () => {
  const host = createHost({ workflows: [gate()] });
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...rest: unknown[]) => {
    listeners.add(rest[1]);
    Reflect.apply(addEventListener, signal, rest);
  };
  signal.removeEventListener = (...rest: unknown[]) => {
    listeners.delete(rest[1]);
    Reflect.apply(removeEventListener, signal, rest);
  };
  const created = await host.fetch(`${host.url}/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ workflowId: "gated" }),
    signal,
  });
  const { eventsUrl, statusUrl } = await created.json();
  const run = await new Wire(host).reach(statusUrl, "waiting-approval");
  assert.ok(run.runId);
  const poll = await host.fetch(`${host.url}${eventsUrl}/poll`, { signal });
  await poll.json();
  const stream = await host.fetch(host.url + eventsUrl, { signal });
  assert.equal(listeners.size, 1);
  await stream.body!.cancel();
  assert.equal(listeners.size, 0);
  const whole = await host.fetch(host.url + eventsUrl, { signal });
  const text = whole.text();
  await new Wire(host).accept(statusUrl);
  await text;
  assert.equal(listeners.size, 0);
});

test("close() ends streams, polls, steps and timers, and nothing is left", async () => {
  const clock = new FakeClock();
  const reasons: unknown[] = [];
  let late: (() => void) | undefined;
  const step = stepOf(async (_input, { signal, log }) => {
    signal.addEventListener("abort", () => reasons.push(signal.reason));
    await new Promise<void>((resolve) => late = resolve);
    log("info", "nobody listens");
    return { written: true };
  });
  const errors: unknown[] = [];
  const host = createHost({
    workflows: [step, delay, gate({ timeoutMs: 1_000 })],
    clock,
    onError: (error) => errors.push(error),
  });
  const wire = new Wire(host);
  const runs = [
    await wire.start("one-step"),
    await wire.start("conformance-cancellable"),
    await wire.start("gated"),
  ];
  await wire.reach(runs[2]!, "waiting-approval");
  // One timer for the delay of one run and the deadline of another.
  await until(() => clock.pending === 1 && late !== undefined);
  const text = host.fetch(`${host.url}${runs[2]}/events`)
    .then((response) => response.text());
  const unread = await host.fetch(`${host.url}${runs[2]}/events`);
  const poll = host.fetch(
    `${host.url}${runs[2]}/events/poll?afterSequence=3`,
  ).then((response) => response.json());
  await until(() => clock.pending === 3);

  await host.close();
  assert.equal(clock.pending, 0);
  assert.match(await text, /node\.suspended/);
  assert.equal(await unread.text(), ": ok\n\n");
  assert.deepEqual((await poll).events, []);
  assert.equal(reasons.length, 1);
  late!();
  await settle();
  assert.equal(clock.pending, 0);
  assert.deepEqual(errors, []);
});

test("a closed host refuses everything, in the envelope", async () => {
  const host = createHost({ workflows: [noop] });
  await host.close();
  await host.close();
  const wire = new Wire(host);
  for (const path of ["/.well-known/openwop", "/runs/x", "/nowhere"]) {
    const { status, body } = await wire.get(path);
    assert.equal(status, 503);
    assert.equal(body.error, "service_unavailable");
  }
  const { status } = await wire.post("/runs", { workflowId: "x" });
  assert.equal(status, 503);
});

test("requests that are under way while a host closes create nothing half", async () => {
  const host = createHost({ workflows: [noop] });
  const wire = new Wire(host);
  const calls = Array.from(
    { length: 20 },
    () => wire.post("/runs", { workflowId: "conformance-noop" }),
  );
  await host.close();
  for (const { status } of await Promise.all(calls)) {
    assert.ok(status === 201 || status === 503);
  }
});

test("await using closes a host", async () => {
  const host = createHost({ workflows: [noop] });
  assert.equal((await new Wire(host).get("/.well-known/openwop")).status, 200);
  // What the statement does, spelled out for runtimes that do not know it.
  const dispose = Reflect.get(host, asyncDispose) as () => Promise<void>;
  await dispose();
  assert.equal((await new Wire(host).get("/nowhere")).status, 503);
});

test("an idle host holds no timer", async () => {
  const clock = new FakeClock();
  const wire = new Wire(createHost({ workflows: [noop, gate()], clock }));
  await wire.reach(await wire.start("conformance-noop"), "completed");
  await wire.reach(await wire.start("gated"), "waiting-approval");
  assert.equal(clock.pending, 0);
});

test("thousands of idle runs are forgotten and come back unchanged", async () => {
  const wire = new Wire(createHost({ workflows: [gate()] }));
  const runs: string[] = [];
  for (let count = 0; count < 600; count++) {
    runs.push(await wire.start("gated"));
  }
  for (const run of [runs[0]!, runs[299]!, runs[599]!]) {
    await wire.reach(run, "waiting-approval");
    const stream = wire.log(run);
    assert.equal((await wire.accept(run)).status, 200);
    assert.equal((await stream).at(-1).type, "run.completed");
  }
});
