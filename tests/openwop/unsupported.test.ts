import assert from "node:assert/strict";
import test from "node:test";
import { offers, OpenwopError, UnsupportedError } from "@tutti/sdk/openwop";
import type { OpenwopClient } from "@tutti/sdk/openwop";
import { refusal, reply, RUN_ID, wopBench } from "../support/wop_server.ts";
import type { WopBench } from "../support/wop_server.ts";

const record = {
  status: "experimental",
  since: "2.0",
  until: "2.1",
  witness: "witnessable-gated",
};
const v2Root = { protocolVersions: ["2.0"], preferredVersion: "2.0" };
const v1Root = { protocolVersion: "1.1", supportedEnvelopes: [] };

/** A host that advertises this and answers everything else with 404. */
function hostWith(
  families: object,
  major: 1 | 2 = 2,
  first: readonly (() => Response)[] = [],
): WopBench {
  const bench = wopBench({ major });
  const answers = [...first];
  const { server } = bench;
  const answer = (path: string): Response => {
    if (path === "/.well-known/openwop") {
      return Response.json(
        { ...(major === 2 ? v2Root : v1Root), ...families },
        {
          headers: major === 2 ? { "OpenWOP-Version": "2.0" } : {},
        },
      );
    }
    return answers.shift()?.() ?? refusal(404, "not_found");
  };
  server.first.push(
    ...Array.from(
      { length: 9 },
      () => ({ path }: { readonly path: string }) => answer(path),
    ),
  );
  return bench;
}

async function fails(
  { client, clock }: WopBench,
  call: (client: OpenwopClient) => Promise<unknown>,
): Promise<unknown> {
  return await clock.run(call(client)).then(
    () => assert.fail("it should fail"),
    (error) => error,
  );
}

const pathsOf = ({ server }: WopBench): string[] =>
  server.requests.map(({ method, path }) => `${method} ${path}`);

test("an operation is unsupported before it is sent when discovery was read and lacks its capability", async () => {
  const bench = hostWith({ eventLog: record });
  await bench.clock.run(bench.client.discovery.get());
  const error = await fails(bench, (client) => client.agents.list());
  assert.ok(UnsupportedError.is(error));
  assert.equal(error.code, "unsupported");
  assert.equal(error.operation, "agents.list");
  assert.equal(error.capability, "agents.manifestRuntime");
  assert.equal(error.major, 2);
  assert.equal(error.cause, undefined);
  assert.equal(error.attempts, 0);
  assert.match(error.message, /does not advertise "agents.manifestRuntime"/);
  assert.match(error.hint ?? "", /client\.discovery\.has/);
  assert.deepEqual(pathsOf(bench), ["GET /.well-known/openwop"]);
});

test("an operation is tried when discovery was not read, and a 404 is judged by it", async () => {
  const bench = hostWith({ eventLog: record });
  const error = await fails(bench, (client) => client.tools.list());
  assert.ok(UnsupportedError.is(error));
  assert.equal(error.capability, "toolCatalog");
  assert.ok(OpenwopError.is(error.cause));
  assert.equal(error.cause.status, 404);
  assert.deepEqual(pathsOf(bench), [
    "GET /tools",
    "GET /.well-known/openwop",
  ]);
});

test("a 404 stays what it is when the capability is advertised", async () => {
  const bench = hostWith({ toolCatalog: record });
  const error = await fails(bench, (client) => client.tools.get("none"));
  assert.ok(OpenwopError.is(error));
  assert.equal(error.status, 404);
});

test("a 404 with a code of its own stays what it is without a look at discovery", async () => {
  const bench = hostWith({}, 2, [() => refusal(404, "pack_version_not_found")]);
  const error = await fails(bench, (client) => client.tools.get("none"));
  assert.ok(OpenwopError.is(error));
  assert.deepEqual(pathsOf(bench), ["GET /tools/none"]);
});

test("a 404 stays what it is when discovery cannot be read", async () => {
  const { client, server, clock } = wopBench({ retry: false });
  server.first.push(
    () => refusal(404, "not_found"),
    () => refusal(500, "internal_error"),
  );
  await assert.rejects(
    clock.run(client.tools.list()),
    (error) => OpenwopError.is(error) && error.status === 404,
  );
});

test("a 404 of an operation without a capability asks for no discovery", async () => {
  const bench = hostWith({});
  const error = await fails(bench, (client) => client.runs.get(RUN_ID));
  assert.ok(OpenwopError.is(error));
  assert.equal(server404(error), true);
  assert.deepEqual(pathsOf(bench), [`GET /runs/${RUN_ID}`]);
});

function server404(error: OpenwopError): boolean {
  return error.status === 404 && error.platformCode === "not_found";
}

test("runs.create() with an unknown workflow is no unsupported operation", async () => {
  const bench = hostWith({});
  const error = await fails(
    bench,
    (client) => client.runs.create({ workflowId: "none" }),
  );
  assert.ok(OpenwopError.is(error) && server404(error));
});

test("runs.bulkCancel() is unsupported when the host has no such path", async () => {
  const bench = hostWith({});
  const error = await fails(
    bench,
    (client) => client.runs.bulkCancel({ runIds: [RUN_ID] }),
  );
  assert.ok(UnsupportedError.is(error));
  assert.equal(error.capability, undefined);
  assert.equal(bench.server.requests.length, 1);
});

test("501 and 405 are unsupported, whatever is advertised, but for a code of the registry", async () => {
  for (const status of [501, 405]) {
    const bench = hostWith({ feedback: record }, 2, [
      () => refusal(status, "capability_not_provided"),
    ]);
    const error = await fails(
      bench,
      (client) => client.runs.listAnnotations(RUN_ID),
    );
    assert.ok(UnsupportedError.is(error));
    assert.equal(error.capability, "feedback");
    // Nobody asked what the host advertises.
    assert.doesNotMatch(`${error.message} ${error.hint}`, /advertise|has\(/);
    assert.equal(bench.server.requests.length, 1);
  }
  const bench = hostWith({}, 2, [() => refusal(501, "credential_unavailable")]);
  const error = await fails(bench, (client) => client.tools.list());
  assert.ok(OpenwopError.is(error) && error.status === 501);
});

test("an answer that is not the host's says nothing about it", async () => {
  const bench = hostWith({}, 2, [
    () => new Response("<h1>Not found</h1>", { status: 404 }),
  ]);
  const error = await fails(bench, (client) => client.tools.list());
  assert.ok(OpenwopError.is(error) && !error.fromHost);
  assert.equal(bench.server.requests.length, 1);
});

test("a host that forks without advertising it is not kept from it", async () => {
  const { client, server, clock } = hostWith({ eventLog: record }, 2, [
    () => reply({ runId: "acme/child-0123456789ab", status: "pending" }, 201),
  ]);
  await clock.run(client.discovery.get());
  const child = await clock.run(
    client.runs.fork(RUN_ID, { mode: "replay" }),
  );
  assert.equal(child.runId, "acme/child-0123456789ab");
  assert.equal(server.requests.length, 2);
});

test("runs.fork() is unsupported when the run is there and its forks are not", async () => {
  const bench = hostWith({ eventLog: record }, 2, [
    () => refusal(404, "not_found"),
    () => reply({ runId: RUN_ID, workflowId: "w", status: "completed" }),
  ]);
  const error = await fails(
    bench,
    (client) => client.runs.fork(RUN_ID, { mode: "replay" }),
  );
  assert.ok(UnsupportedError.is(error));
  assert.equal(error.capability, "replay");
  assert.deepEqual(pathsOf(bench), [
    `POST /runs/${RUN_ID}:fork`,
    "GET /.well-known/openwop",
    `GET /runs/${RUN_ID}`,
  ]);
});

test("runs.fork() stays 404 when it is the run that is missing", async () => {
  const bench = hostWith({ eventLog: record });
  const error = await fails(
    bench,
    (client) => client.runs.fork(RUN_ID, { mode: "replay" }),
  );
  assert.ok(OpenwopError.is(error) && server404(error));
  assert.match(error.message, /:fork/);
});

test("interrupts.resolve() stays 404 where a host answers interrupts without advertising them", async () => {
  const bench = hostWith({ eventLog: record });
  const error = await fails(
    bench,
    (client) => client.interrupts.resolve(RUN_ID, "none", {}),
  );
  assert.ok(OpenwopError.is(error) && server404(error));
});

test("host.effectSeams() is unsupported after a 404 without replay", async () => {
  const bench = hostWith({ eventLog: record });
  const error = await fails(bench, (client) => client.host.effectSeams());
  assert.ok(UnsupportedError.is(error));
  assert.equal(error.capability, "replay");
});

test("version 1: silence in discovery keeps nobody from trying, a plain no does", async () => {
  const silent = hostWith({}, 1, [
    () => Response.json({ runId: RUN_ID, status: "paused" }, { status: 202 }),
  ]);
  await silent.clock.run(silent.client.discovery.get());
  const paused = await silent.clock.run(silent.client.runs.pause(RUN_ID));
  assert.equal(paused.status, "paused");

  const plain = hostWith({ feedback: { supported: false } }, 1);
  await plain.clock.run(plain.client.discovery.get());
  const error = await fails(
    plain,
    (client) => client.runs.listAnnotations(RUN_ID),
  );
  assert.ok(UnsupportedError.is(error));
  assert.equal(error.major, 1);
  assert.equal(plain.server.requests.length, 1);
});

test("version 1: no route is unsupported, a missing run is not", async () => {
  const noRoute = hostWith({}, 1, [
    () => refusal(404, "not_found"),
    () =>
      Response.json({ runId: RUN_ID, workflowId: "w", status: "completed" }),
  ]);
  const error = await fails(
    noRoute,
    (client) => client.runs.fork(RUN_ID, { mode: "replay" }),
  );
  assert.ok(UnsupportedError.is(error));
  const noRun = hostWith({}, 1, [() => refusal(404, "run_not_found")]);
  const other = await fails(
    noRun,
    (client) => client.runs.fork(RUN_ID, { mode: "replay" }),
  );
  assert.ok(OpenwopError.is(other));
  assert.equal(other.platformCode, "not_found");
  assert.equal(noRun.server.requests.length, 1);
});

test("offers() reads version 2 by presence, and inherits nothing", () => {
  const document = {
    webhooks: { ...record, deadLetter: { retentionDays: 1 } },
    feedback: record,
    __proto__: { toolCatalog: record },
  };
  assert.equal(offers(document, "webhooks", 2), true);
  assert.equal(offers(document, "webhooks.deadLetter", 2), true);
  assert.equal(offers(document, "webhooks.secretRotation", 2), undefined);
  assert.equal(offers(document, "toolCatalog", 2), undefined);
  assert.equal(offers(document, "constructor", 2), undefined);
  assert.equal(offers(document, "feedback.toString", 2), undefined);
});

test("offers() reads version 1 at the root, in the wrapper, and under the dotted mirror", () => {
  const root = { replay: { supported: true, modes: ["replay"] } };
  const wrapper = { capabilities: { agents: { roster: { supported: true } } } };
  const mirror = { "host.feedback": { supported: true } };
  const flags = { runs: { pauseResume: true }, debugBundle: false };
  assert.equal(offers(root, "replay", 1), true);
  assert.equal(offers(wrapper, "agents.roster", 1), true);
  assert.equal(offers(mirror, "feedback", 1), true);
  assert.equal(offers(flags, "runs.pauseResume", 1), true);
  assert.equal(offers(flags, "debugBundle", 1), false);
  assert.equal(
    offers(
      { agents: { supported: false, roster: { supported: true } } },
      "agents.roster",
      1,
    ),
    false,
  );
  assert.equal(offers({ prompts: {} }, "prompts", 1), undefined);
  assert.equal(offers({}, "prompts", 1), undefined);
  // One place that says yes is enough: mirrors are not always kept.
  assert.equal(
    offers(
      {
        prompts: { supported: false },
        capabilities: { prompts: { supported: true } },
      },
      "prompts",
      1,
    ),
    true,
  );
});

test("discovery.has() reads the document once while it is fresh, discovery.get() asks by its tag", async () => {
  const { client, server, clock } = wopBench({ major: 2 });
  const document = { ...v2Root, feedback: record };
  server.first.push(
    () =>
      Response.json(document, {
        headers: {
          "OpenWOP-Version": "2.0",
          "cache-control": "public, max-age=60",
          etag: '"d1"',
        },
      }),
    ({ headers }) =>
      headers.get("if-none-match") === '"d1"'
        ? new Response(null, {
          status: 304,
          headers: { "OpenWOP-Version": "2.0" },
        })
        : undefined,
  );
  assert.equal(await clock.run(client.discovery.has("feedback")), true);
  assert.equal(await clock.run(client.discovery.has("toolCatalog")), false);
  assert.equal(server.requests.length, 1);
  const again = await clock.run(client.discovery.get());
  assert.deepEqual(again, document);
  assert.equal(server.requests.length, 2);
  // The 304 brought no lifetime of its own.
  await clock.advance(301_000);
  server.first.push(() =>
    Response.json(v2Root, { headers: { "OpenWOP-Version": "2.0" } })
  );
  assert.equal(await clock.run(client.discovery.has("feedback")), false);
  assert.equal(server.requests.length, 3);
});

test("an old document keeps nobody from trying", async () => {
  const bench = hostWith({}, 2);
  await bench.clock.run(bench.client.discovery.get());
  await bench.clock.advance(301_000);
  const error = await fails(bench, (client) => client.tools.list());
  assert.ok(UnsupportedError.is(error));
  assert.deepEqual(pathsOf(bench), [
    "GET /.well-known/openwop",
    "GET /tools",
    "GET /.well-known/openwop",
  ]);
});

test("major auto: what the negotiation has read is enough to know", async () => {
  const { client, server, clock } = wopBench({ major: "auto" });
  server.first.push(() => reply({ ...v2Root, eventLog: record }));
  await assert.rejects(
    clock.run(client.prompts.get("t")),
    (error) => UnsupportedError.is(error) && error.capability === "prompts",
  );
  assert.equal(server.requests.length, 1);
});

test("a list is unsupported from its loop", async () => {
  const bench = hostWith({});
  await bench.clock.run(bench.client.discovery.get());
  const error = await fails(bench, async (client) => {
    for await (const _run of client.runs.list()) assert.fail("no run is there");
  });
  assert.ok(UnsupportedError.is(error));
  assert.equal(error.capability, "runList");
});

test("a token is in no message", async () => {
  const bench = hostWith({}, 2, [
    () => refusal(401, "interrupt_token_invalid"),
  ]);
  const error = await fails(
    bench,
    (client) => client.interrupts.inspectByToken("ow2.hs256.k.s3cret.mac"),
  );
  assert.ok(OpenwopError.is(error));
  assert.doesNotMatch(`${error.message} ${error.hint}`, /s3cret/);
  assert.match(error.message, /GET \/interrupts\/\{token\}/);
});
