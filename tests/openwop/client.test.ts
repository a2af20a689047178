import assert from "node:assert/strict";
import test from "node:test";
import {
  DecodeError,
  InvalidArgumentError,
  NetworkError,
  TimeoutError,
} from "@tutti/sdk/http";
import {
  OpenwopClient,
  OpenwopError,
  ProtocolMismatchError,
} from "@tutti/sdk/openwop";
import { silent } from "../support/scripted_fetch.ts";
import { refusal, reply, RUN_ID, wopBench } from "../support/wop_server.ts";

test("every request names the protocol and the client, and carries the key", async () => {
  const { client, server, clock } = wopBench({ headers: { "x-app": "a" } });
  await clock.run(client.runs.get(RUN_ID));
  const headers = server.requests[0]?.headers;
  assert.equal(headers?.get("openwop-version"), "2.0");
  assert.match(headers?.get("openwop-client-version") ?? "", /^\d+\.\d+\.\d+$/);
  assert.equal(headers?.get("accept"), "application/json");
  assert.equal(headers?.get("authorization"), "Bearer key-1");
  assert.equal(headers?.get("x-app"), "a");
  assert.equal(
    server.requests[0]?.url,
    "https://wop.test/runs/acme~2Frun-0123456789abcdef",
  );
});

test("discovery.get() carries no key", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(() =>
    reply({ protocolVersions: ["2.0"], preferredVersion: "2.0", fixtures: [] })
  );
  const document = await clock.run(client.discovery.get());
  assert.deepEqual(document.protocolVersions, ["2.0"]);
  assert.equal(server.requests[0]?.path, "/.well-known/openwop");
  assert.equal(server.requests[0]?.headers.has("authorization"), false);
});

test("workflows.get() gives the definition", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(() => reply({ id: "review", nodes: [], edges: [] }));
  const definition = await clock.run(client.workflows.get("review"));
  assert.equal(definition.id, "review");
  assert.equal(server.requests[0]?.path, "/workflows/review");
});

test("apiKey is asked for every try when it is a function", async () => {
  let asked = 0;
  const { client, server, clock } = wopBench({
    apiKey: () => Promise.resolve(`key-${++asked}`),
  });
  server.first.push(() => refusal(503, "runner_unavailable"));
  await clock.run(client.runs.get(RUN_ID));
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.get("authorization")),
    ["Bearer key-1", "Bearer key-2"],
  );
});

test("apiKey is refused without being shown when no header can hold it", async () => {
  for (const apiKey of ["", "se cret", "secret\n", "sécret"]) {
    const isRefusal = (error: unknown): boolean =>
      InvalidArgumentError.is(error) && error.path === "apiKey" &&
      !/s.cret/.test(error.message);
    assert.throws(
      () => new OpenwopClient({ baseUrl: "https://wop.test", apiKey }),
      isRefusal,
    );
    const { client, server } = wopBench({ apiKey: () => apiKey });
    await assert.rejects(client.runs.get(RUN_ID), isRefusal);
    assert.equal(server.requests.length, 0);
  }
});

test("a client without a key sends none", async () => {
  const { client, server, clock } = wopBench({ apiKey: undefined });
  await clock.run(client.runs.get(RUN_ID));
  assert.equal(server.requests[0]?.headers.has("authorization"), false);
});

test("a success is refused when the version header is missing or names another major", async () => {
  for (
    const [version, received] of [
      [undefined, undefined],
      ["1.1", "1.1"],
      ["20.0", "20.0"],
    ] as const
  ) {
    const { client, server, clock } = wopBench();
    server.first.push(() =>
      Response.json({ runId: RUN_ID }, {
        headers: version ? { "openwop-version": version } : {},
      })
    );
    await assert.rejects(
      clock.run(client.runs.get(RUN_ID)),
      (error) =>
        ProtocolMismatchError.is(error) && error.receivedVersion === received &&
        error.hint !== undefined,
    );
    assert.equal(server.requests.length, 1);
  }
});

test("a success is taken when a page of another origin may not see the version header", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(() => {
    const response = Response.json({
      runId: RUN_ID,
      workflowId: "w",
      status: "running",
    });
    Object.defineProperty(response, "type", { value: "cors" });
    return response;
  });
  const run = await clock.run(client.runs.get(RUN_ID));
  assert.equal(run.status, "running");
});

test("refusals keep status, code, words and details when the host refuses", async () => {
  const cases = [
    [400, "validation_error"],
    [401, "unauthenticated"],
    [403, "id_tenant_mismatch"],
    [404, "not_found"],
    [406, "protocol_version_unsupported"],
    [409, "run_terminal"],
    [410, "interrupt_expired"],
    [422, "fork_point_invalid"],
    [426, "client_version_unsupported"],
  ] as const;
  for (const [status, code] of cases) {
    const { client, server, clock } = wopBench();
    server.first.push(() =>
      refusal(status, code, { "x-request-id": "r-1" }, { path: "/a" })
    );
    await assert.rejects(clock.run(client.runs.get(RUN_ID)), (error) => {
      assert.ok(OpenwopError.is(error));
      assert.equal(error.code, "http-error");
      assert.equal(error.status, status);
      assert.equal(error.platformCode, code);
      assert.equal(error.platformMessage, `words about ${code}`);
      assert.deepEqual(error.details, { path: "/a" });
      assert.equal(error.requestId, "r-1");
      assert.equal(error.fromHost, true);
      assert.equal(error.retryable, false);
      return true;
    });
    assert.equal(server.requests.length, 1, code);
  }
});

test("a refusal from something in front of the host is told apart", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(() => new Response("<html>no</html>", { status: 404 }));
  await assert.rejects(clock.run(client.runs.get(RUN_ID)), (error) => {
    assert.ok(OpenwopError.is(error));
    assert.equal(error.fromHost, false);
    assert.equal(error.platformCode, undefined);
    assert.equal(error.body, "<html>no</html>");
    assert.match(error.hint ?? "", /base URL/);
    return true;
  });
});

test("a code nobody knows and a nested envelope are kept when a host sends them", async () => {
  for (
    const body of [
      { error: "acme.odd_code", message: "m" },
      { error: { code: "acme.odd_code", message: "m" } },
    ]
  ) {
    const { client, server, clock } = wopBench();
    server.first.push(() =>
      Response.json(body, {
        status: 409,
        headers: { "OpenWOP-Version": "2.0" },
      })
    );
    await assert.rejects(clock.run(client.runs.get(RUN_ID)), (error) => {
      assert.ok(OpenwopError.is(error));
      assert.equal(error.platformCode, "acme.odd_code");
      assert.equal(error.platformMessage, "m");
      assert.match(error.hint ?? "", /`platformMessage`/);
      return true;
    });
  }
});

test("a call waits as long as the host asks when it is told to slow down", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(() => refusal(429, "rate_limited", { "retry-after": "4" }));
  const started = clock.now();
  await clock.run(client.runs.get(RUN_ID));
  assert.equal(clock.now() - started, 4_000);
});

test("a call is not repeated when the code says that it cannot help", async () => {
  for (const code of ["event_type_unmapped", "payload_unprojectable"]) {
    const { client, server, clock } = wopBench();
    server.first.push(() => refusal(500, code));
    await assert.rejects(
      clock.run(client.runs.get(RUN_ID)),
      (error) => OpenwopError.is(error) && error.platformCode === code,
    );
    assert.equal(server.requests.length, 1);
  }
});

test("an answer is refused when it lacks what was promised", async () => {
  const bodies = [[], null, { runId: 7 }, { runId: "a", status: "running" }];
  for (const body of bodies) {
    const { client, server, clock } = wopBench();
    server.first.push(() => reply(body));
    await assert.rejects(clock.run(client.runs.get(RUN_ID)), DecodeError);
  }
});

test("the budgets and retries of the client hold for every call", async () => {
  const { client, server, clock } = wopBench({
    timeoutMs: 1_000,
    fetch: (request) =>
      silent({ signal: request.signal } as Parameters<typeof silent>[0]),
  });
  await assert.rejects(
    clock.run(client.runs.get(RUN_ID)),
    (error) => TimeoutError.is(error) && error.timeoutMs === 1_000,
  );
  assert.equal(server.requests.length, 0);
  const once = wopBench({
    retry: false,
    fetch: () => {
      throw new TypeError("refused");
    },
  });
  await assert.rejects(
    once.clock.run(once.client.runs.get(RUN_ID)),
    NetworkError,
  );
  assert.equal(once.clock.pending, 0);
});

test("ids are refused when no path can hold them", async () => {
  const { client, server } = wopBench();
  for (const id of ["", "a\nb", "\ud800"]) {
    await assert.rejects(
      async () => await client.runs.get(id),
      InvalidArgumentError,
    );
    assert.throws(() => client.runs.handle(id), InvalidArgumentError);
  }
  assert.equal(server.requests.length, 0);
});
