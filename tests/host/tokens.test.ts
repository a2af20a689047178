import assert from "node:assert/strict";
import test from "node:test";
import { apiKeys, createHost, memoryStore } from "@tutti/sdk/host";
import { InvalidArgumentError } from "@tutti/sdk/http";
import { FakeClock } from "../support/fake_clock.ts";
import { gate, Wire } from "../support/wire.ts";

const MINUTE = 60_000;
const key = (id: string) => ({ id, secret: `${id} `.repeat(32) });

async function asked(
  wire: Wire,
  headers?: Record<string, string>,
): Promise<{ run: string; token: string }> {
  const created = await wire.post("/runs", { workflowId: "gated" }, headers);
  const run = `/runs/${encodeURIComponent(created.body.runId)}`;
  for (;;) {
    const { body } = await wire.get(run, headers);
    const token = body.nodeStates.gate?.interrupt?.interruptToken;
    if (token) return { run, token };
  }
}

const accept = { resumeValue: { action: "accept" } };

test("a token shows its question and lets one answer in, without a credential", async () => {
  const access = apiKeys([
    { key: "sk_0123456789abcdef", tenant: "acme", subject: "ada" },
  ]);
  const bearer = { authorization: "Bearer sk_0123456789abcdef" };
  const host = createHost({
    workflows: [gate({ approversList: ["ada"] })],
    access,
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const { run, token } = await asked(wire, bearer);
  assert.match(token, /^ow2\.hs256\.host\.[\w-]+\.[\w-]{43}$/);
  const shown = await wire.get(`/interrupts/${token}`);
  assert.equal(shown.status, 200);
  assert.equal(shown.headers.get("cache-control"), "no-store");
  assert.equal(shown.body.kind, "approval");
  assert.equal(shown.body.data.title, "Go?");
  const answered = await wire.post(`/interrupts/${token}`, accept);
  assert.equal(answered.status, 200);
  assert.equal(answered.body.nodeId, "gate");
  for (
    const again of [
      await wire.post(`/interrupts/${token}`, accept),
      await wire.get(`/interrupts/${token}`),
    ]
  ) {
    assert.equal(again.status, 409);
    assert.equal(again.body.error, "interrupt_already_resolved");
  }
  const stream = await wire.frames(run, "streamMode=debug", bearer);
  const resolved = stream.find(({ event }) => event === "interrupt.resolved")!;
  assert.equal(resolved.data.payload.resolvedBy.subjectId, "ada");
  await host.close();
});

test("a token stands for who was given it, and for nobody who may not answer", async () => {
  const host = createHost({
    workflows: [gate({ approversList: ["ada"] })],
    subject: (request) => request.headers.get("x-user") ?? "bob",
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const { token } = await asked(wire);
  const { status, body } = await wire.post(`/interrupts/${token}`, accept, {
    "x-user": "ada",
  });
  assert.equal(status, 403);
  assert.equal(body.error, "forbidden");
  await host.close();
});

test("a token stands for who was given it, however many groups they belong to", async () => {
  const groups = Array.from({ length: 500 }, (_, n) => `a-group-of-many-${n}`);
  const host = createHost({
    workflows: [gate({ approverGroupRefs: ["a-group-of-many-499"] })],
    access: () => ({ tenant: "acme", subject: "ada", groups, roles: groups }),
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const { token } = await asked(wire);
  assert.ok(token.length < 1_000, `${token.length}`);
  const { status } = await wire.post(`/interrupts/${token}`, accept);
  assert.equal(status, 200);
  await host.close();
});

test("a token that this host has not issued is 401, whatever it looks like", async () => {
  const clock = new FakeClock();
  const host = createHost({ workflows: [gate()], clock });
  const other = createHost({ workflows: [gate()], clock });
  const wire = new Wire(host);
  const { token } = await asked(wire);
  const foreign = await asked(new Wire(other));
  const [, , , payload = "", mac = ""] = token.split(".");
  const flipped = (mac[0] === "A" ? "B" : "A") + mac.slice(1);
  const tokens = [
    foreign.token,
    `ow2.hs256.host.${payload}.${flipped}`,
    `ow2.hs256.host.${payload.slice(4)}.${mac}`,
    `ow2.hs256.nokid.${payload}.${mac}`,
    `ow2.none.host.${payload}.${mac}`,
    `ow2.hs256.host.${payload}.`,
    `${payload}.${mac}`,
    "ow2",
    "%00",
    "x".repeat(10_000),
  ];
  for (const bad of tokens) {
    for (const method of ["GET", "POST"]) {
      const { status, body } = await wire.send(
        method,
        `/interrupts/${bad}`,
        method === "POST" ? accept : undefined,
      );
      assert.equal(status, 401, bad);
      assert.equal(body.error, "interrupt_token_invalid");
    }
  }
  assert.equal((await wire.get(`/interrupts/${token}`)).status, 200);
  await Promise.all([host.close(), other.close()]);
});

test("a token expires after at most half an hour, and with its question", async () => {
  const clock = new FakeClock();
  const host = createHost({
    workflows: [gate({ timeoutMs: 40 * MINUTE })],
    clock,
  });
  const wire = new Wire(host);
  const { run, token } = await asked(wire);
  await clock.advance(14 * MINUTE);
  assert.equal((await wire.get(`/interrupts/${token}`)).status, 200);
  await clock.advance(17 * MINUTE);
  for (
    const late of [
      await wire.get(`/interrupts/${token}`),
      await wire.post(`/interrupts/${token}`, accept),
    ]
  ) {
    assert.equal(late.status, 410);
    assert.equal(late.body.error, "interrupt_expired");
  }
  const { body } = await wire.get(run);
  const fresh = body.nodeStates.gate.interrupt.interruptToken;
  const claim = JSON.parse(atob(
    fresh.split(".")[3].replaceAll("-", "+").replaceAll("_", "/"),
  ));
  assert.ok(claim.expiresAt <= clock.now() + 9 * MINUTE);
  assert.equal((await wire.post(`/interrupts/${fresh}`, accept)).status, 200);
  await host.close();
});

test("a token of a cancelled run is 409", async () => {
  const host = createHost({ workflows: [gate()], clock: new FakeClock() });
  const wire = new Wire(host);
  const { run, token } = await asked(wire);
  await wire.post(`${run}/cancel`);
  await wire.reach(run, "cancelled");
  for (
    const late of [
      await wire.get(`/interrupts/${token}`),
      await wire.post(`/interrupts/${token}`, accept),
    ]
  ) assert.equal(late.body.error, "interrupt_already_resolved");
  const { nodeStates } = (await wire.get(run)).body;
  assert.doesNotMatch(JSON.stringify(nodeStates), /ow2\./);
  await host.close();
});

test("a body that holds no answer, or one that does not fit, leaves the token good", async () => {
  const host = createHost({ workflows: [gate()], clock: new FakeClock() });
  const wire = new Wire(host);
  const { token } = await asked(wire);
  const bodies = [{}, { resumeValue: { action: "dance" } }, {
    ...accept,
    x: 1,
  }];
  for (const body of bodies) {
    const refused = await wire.post(`/interrupts/${token}`, body);
    assert.equal(refused.status, 400);
  }
  assert.equal((await wire.post(`/interrupts/${token}`, accept)).status, 200);
  await host.close();
});

test("tokens of a key that is no longer the first are good until it is taken away", async () => {
  const clock = new FakeClock();
  const store = memoryStore();
  const workflows = [gate()];
  const [old, now] = [key("old"), key("new")];
  const first = createHost({ workflows, store, clock, interruptKeys: [old] });
  const { token } = await asked(new Wire(first));
  await first.close();
  const both = createHost({
    workflows,
    store,
    clock,
    interruptKeys: [now, old],
  });
  assert.equal((await new Wire(both).get(`/interrupts/${token}`)).status, 200);
  assert.match((await asked(new Wire(both))).token, /^ow2\.hs256\.new\./);
  await both.close();
  const last = createHost({ workflows, store, clock, interruptKeys: [now] });
  assert.equal((await new Wire(last).get(`/interrupts/${token}`)).status, 401);
  await last.close();
});

test("createHost() refuses keys that cannot sign, and shows none of them", () => {
  const lists = [
    [],
    [{ id: "", secret: "s".repeat(32) }],
    [{ id: "a.b", secret: "s".repeat(32) }],
    [{ id: "a", secret: "hunter2" }],
    [key("a"), key("a")],
  ];
  for (const interruptKeys of lists) {
    assert.throws(
      () => createHost({ workflows: [], interruptKeys }),
      (error) =>
        error instanceof InvalidArgumentError &&
        !error.message.includes("hunter2"),
    );
  }
});

test("a snapshot keeps its ETag while its tokens stay the same, and changes it with them", async () => {
  const clock = new FakeClock();
  const host = createHost({ workflows: [gate()], clock });
  const wire = new Wire(host);
  const { run } = await asked(wire);
  const one = await wire.get(run);
  const etag = one.headers.get("etag")!;
  const same = await wire.get(run, { "if-none-match": etag });
  assert.equal(same.status, 304);
  await clock.advance(16 * MINUTE);
  const later = await wire.get(run, { "if-none-match": etag });
  assert.equal(later.status, 200);
  assert.notDeepEqual(later.body, one.body);
  await host.close();
});
