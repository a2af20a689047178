import assert from "node:assert/strict";
import test from "node:test";
import { createHost, serve } from "@tutti/sdk/host";
import { InvalidArgumentError } from "@tutti/sdk/http";
import { FakeClock } from "../support/fake_clock.ts";
import { gate, noop, Wire } from "../support/wire.ts";

const page = "https://app.example.com";

test("HEAD answers as GET does, without the body and without a stream left open", async () => {
  const clock = new FakeClock();
  const host = createHost({ workflows: [gate()], clock });
  const wire = new Wire(host);
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  for (const path of ["/.well-known/openwop", "/openapi.json", run]) {
    const [get, head] = [await wire.get(path), await wire.send("HEAD", path)];
    assert.equal(head.status, 200, path);
    assert.equal(head.body, "");
    assert.equal(head.headers.get("etag"), get.headers.get("etag"));
  }
  const timers = clock.waits.length;
  const head = await wire.send("HEAD", `${run}/events`);
  assert.equal(head.headers.get("content-type"), "text/event-stream");
  assert.equal(clock.waits.length, timers);
  await host.close();
});

test("OPTIONS lists the methods of a path, and nothing for pages that are not let in", async () => {
  const host = createHost({ workflows: [noop] });
  const wire = new Wire(host);
  const cases = [
    ["/runs", "POST, OPTIONS"],
    ["/runs/local~2Faaaaaaaaaaaaaaaa", "GET, HEAD, OPTIONS"],
    ["/interrupts/x", "GET, POST, HEAD, OPTIONS"],
    ["/.well-known/openwop", "GET, HEAD, OPTIONS"],
  ] as const;
  for (const [path, allow] of cases) {
    const { status, headers } = await wire.send("OPTIONS", path, undefined, {
      origin: page,
    });
    assert.equal(status, 204);
    assert.equal(headers.get("allow"), allow);
    for (const [name] of headers) assert.doesNotMatch(name, /access-control/);
  }
  assert.equal((await wire.send("OPTIONS", "/nowhere")).status, 404);
  await host.close();
});

test("a page that is let in may send every header of the protocol, and read those of the answer", async () => {
  const host = createHost({
    workflows: [noop],
    cors: [page],
    access: () => undefined,
  });
  const wire = new Wire(host);
  const asked = await wire.send("OPTIONS", "/runs", undefined, {
    "origin": page,
    "access-control-request-method": "POST",
  });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get("access-control-allow-origin"), page);
  assert.match(asked.headers.get("access-control-allow-methods")!, /POST/);
  const admitted = asked.headers.get("access-control-allow-headers")!
    .toLowerCase().split(", ");
  for (
    const name of [
      "authorization",
      "openwop-version",
      "openwop-client-version",
      "last-event-id",
      "idempotency-key",
      "content-type",
    ]
  ) assert.ok(admitted.includes(name), name);
  const refused = await wire.get("/runs/x", { origin: page });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get("access-control-allow-origin"), page);
  assert.match(
    refused.headers.get("access-control-expose-headers")!,
    /OpenWOP-Version/,
  );
  const other = await wire.get("/.well-known/openwop", {
    origin: "https://evil.example",
  });
  assert.equal(other.headers.get("access-control-allow-origin"), null);
  assert.equal(other.headers.get("vary"), "OpenWOP-Version, Origin");
  await host.close();
});

test("everybody's pages are let in with a star", async () => {
  const host = createHost({ workflows: [noop], cors: "*" });
  const { headers } = await new Wire(host).get("/.well-known/openwop", {
    origin: page,
  });
  assert.equal(headers.get("access-control-allow-origin"), "*");
  await host.close();
});

test("a method that a path does not have is 405 with those that it has", async () => {
  const host = createHost({ workflows: [noop] });
  const wire = new Wire(host);
  const { status, headers, body } = await wire.send("DELETE", "/runs");
  assert.equal(status, 405);
  assert.equal(headers.get("allow"), "POST, OPTIONS");
  assert.equal(body.error, "tutti.method_not_allowed");
  assert.equal((await wire.send("DELETE", "/nowhere")).status, 404);
  assert.equal((await wire.get("/runs")).status, 404);
  await host.close();
});

test("the OpenAPI document names each operation once, and says which need no credential", async () => {
  const host = createHost({ workflows: [noop], access: () => undefined });
  const { status, body } = await new Wire(host).get("/openapi.json");
  assert.equal(status, 200);
  assert.match(body.openapi, /^3\.1\./);
  // deno-lint-ignore no-explicit-any
  const operations = Object.values<any>(body.paths).flatMap((it) =>
    // deno-lint-ignore no-explicit-any
    Object.values<any>(it)
  );
  const ids = operations.map(({ operationId }) => operationId);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(
    operations.filter(({ security }) => security.length === 0)
      .map(({ operationId }) => operationId).sort(),
    [
      "discovery.get",
      "discovery.openapi",
      "interrupts.inspectByToken",
      "interrupts.resolveByToken",
    ],
  );
  const pause = body.paths["/runs/{runId}:pause"].post;
  assert.deepEqual(Object.keys(pause.responses), ["202", "default"]);
  assert.equal(pause.parameters[0].name, "runId");
  assert.ok(body.paths["/webhooks/{webhookId}"].delete);
  await host.close();
});

test("limits hold for bodies and for the open runs of each tenant", async () => {
  const host = createHost({
    workflows: [gate(), noop],
    limits: { bodyBytes: 200, openRuns: 2 },
    access: (request) => ({
      tenant: request.headers.get("x-tenant") ?? "acme",
      subject: "ada",
    }),
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const large = await wire.post("/runs", { workflowId: "x".repeat(200) });
  assert.equal(large.status, 413);
  assert.deepEqual(large.body.details, { maxBytes: 200 });
  const first = await wire.start("gated");
  const several = await Promise.all(
    [1, 2, 3].map(() => wire.post("/runs", { workflowId: "gated" })),
  );
  const refused = several.filter(({ status }) => status === 429);
  assert.equal(refused.length, 2);
  assert.equal(refused[0]!.body.error, "rate_limited");
  assert.equal(refused[0]!.headers.get("retry-after"), "1");
  const fork = await wire.post(`${first}:fork`, { mode: "branch", fromSeq: 0 });
  assert.equal(fork.status, 429);
  const other = await wire.post("/runs", { workflowId: "gated" }, {
    "x-tenant": "other",
  });
  assert.equal(other.status, 201);
  await wire.post(`${first}/cancel`);
  await wire.reach(first, "cancelled");
  assert.equal((await wire.post("/runs", { workflowId: "gated" })).status, 201);
  await host.close();
});

test("createHost() refuses origins and limits that cannot be", () => {
  for (const cors of [["app.example.com"], [`${page}/`], ["*"], [""]]) {
    assert.throws(
      () => createHost({ workflows: [], cors }),
      InvalidArgumentError,
    );
  }
  for (const limits of [{ openRuns: 0 }, { bodyBytes: 1.5 }]) {
    assert.throws(
      () => createHost({ workflows: [], limits }),
      InvalidArgumentError,
    );
  }
});

test("a served host answers preflights, HEAD, bulk cancels and pauses on a socket", async () => {
  const host = createHost({ workflows: [gate()], cors: [page] });
  const server = await serve(host, { port: 0 });
  const wire = new Wire({
    url: server.url,
    fetch: (input, init) => fetch(input, init),
  });
  const asked = await wire.send("OPTIONS", "/runs", undefined, {
    "origin": page,
    "access-control-request-method": "POST",
  });
  assert.equal(asked.status, 204);
  assert.equal((await wire.send("HEAD", "/openapi.json")).status, 200);
  const run = await wire.start("gated");
  const paused = await wire.post(`${run}:pause`, { drainPolicy: "immediate" });
  assert.equal(paused.status, 202);
  const { body } = await wire.post("/runs:bulk-cancel", {
    runIds: [decodeURIComponent(run.slice("/runs/".length))],
  });
  assert.equal(body.results[0].ok, true);
  await server.close();
  await host.close();
});
