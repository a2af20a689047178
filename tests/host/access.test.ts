import assert from "node:assert/strict";
import test from "node:test";
import { apiKeys, createHost } from "@tutti/sdk/host";
import type { ApiKey, Caller } from "@tutti/sdk/host";
import { found } from "../support/fake_clock.ts";
import { gate, noop, Wire } from "../support/wire.ts";

const keys: readonly ApiKey[] = [
  { key: "key-of-ada-0123456789", tenant: "acme", subject: "ada" },
  { key: "key-of-bob-0123456789", tenant: "acme", subject: "bob" },
  { key: "key-of-eve-0123456789", tenant: "evil", subject: "eve" },
];

const as = (name: string) => ({
  authorization: `Bearer key-of-${name}-0123456789`,
});

function open(): Wire {
  const workflows = [noop, gate({ requiredApprovals: 2 })];
  return new Wire(createHost({ workflows, access: apiKeys(keys) }));
}

test("apiKeys() lets in who has a key, and says who it is", async () => {
  const wire = open();
  const { status, body } = await wire.post(
    "/runs",
    { workflowId: "conformance-noop" },
    as("ada"),
  );
  assert.equal(status, 201);
  assert.match(body.runId, /^acme\//);
  const run = await wire.get(body.statusUrl, as("bob"));
  assert.deepEqual(run.body.owner.subject, {
    issuer: "urn:tutti:embedded",
    subjectId: "ada",
    tenant: "acme",
    lane: "api-key",
    kind: "user",
  });
});

test("apiKeys() refuses everybody else, and asks nobody for the discovery document", async () => {
  const wire = open();
  const strangers: Record<string, string>[] = [
    {},
    { authorization: "" },
    { authorization: "Bearer" },
    { authorization: "Bearer key-of-ada-012345678" },
    { authorization: "Bearer key-of-ada-01234567890" },
    { authorization: "Basic key-of-ada-0123456789" },
    { authorization: "Bearer key-of-ada-0123456789 x" },
    { "x-api-key": "key-of-ada-0123456789" },
  ];
  for (const headers of strangers) {
    const { status, body, headers: answer } = await wire.post("/runs", {
      workflowId: "conformance-noop",
    }, headers);
    assert.equal(status, 401);
    assert.equal(body.error, "unauthenticated");
    assert.equal(answer.get("www-authenticate"), "Bearer");
    assert.doesNotMatch(JSON.stringify(body), /0123456789/);
  }
  assert.equal((await wire.get("/.well-known/openwop")).status, 200);
});

test("apiKeys() keeps tenants apart, before anything is looked up", async () => {
  const wire = open();
  const { body } = await wire.post("/runs", { workflowId: "gated" }, as("ada"));
  for (const path of [body.statusUrl, "/runs/acme~2F0123456789abcdef"]) {
    const refused = await wire.get(path, as("eve"));
    assert.equal(refused.status, 403);
    assert.equal(refused.body.error, "id_tenant_mismatch");
  }
});

test("apiKeys() counts two subjects as two in a quorum, and one as one", async () => {
  const wire = open();
  const { body } = await wire.post("/runs", { workflowId: "gated" }, as("ada"));
  const path = `${body.statusUrl}/interrupts/gate`;
  const vote = { resumeValue: { action: "accept" } };
  await found(async () => {
    const { body: run } = await wire.get(body.statusUrl, as("ada"));
    return run.status === "waiting-approval" ? run : undefined;
  }, () => "the run never waited");
  await wire.post(path, vote, as("ada"));
  await wire.post(path, vote, as("ada"));
  const { body: still } = await wire.get(body.statusUrl, as("ada"));
  assert.equal(still.status, "waiting-approval");
  const last = await wire.post(path, vote, as("bob"));
  assert.equal(last.status, 200);
  assert.notEqual(last.body.status, "waiting-approval");
});

test("an approval that names groups or roles lets in who has them, by credential and by token", async () => {
  const people: Record<string, Partial<Caller>> = {
    ada: { roles: ["writer", "editor"] },
    bob: { groups: ["board"] },
    eve: { roles: ["edit"], groups: ["editor"] },
    // Plain JavaScript: a text, which has every part of it.
    mal: { roles: "editor", groups: "board" } as never,
    zoe: {},
  };
  const wire = new Wire(createHost({
    workflows: [
      gate({ approverRoleRefs: ["editor"], approverGroupRefs: ["board"] }),
    ],
    access: (request) => {
      const subject = request.headers.get("x-person") ?? "zoe";
      return { tenant: "acme", subject, ...people[subject] };
    },
  }));
  const body = { resumeValue: { action: "accept" } };
  const answers = async (person: string, byToken: boolean) => {
    const run = await wire.start("gated");
    const as = { "x-person": person };
    await wire.reach(run, "waiting-approval");
    const { body: { nodeStates } } = await wire.get(run, as);
    const { interruptToken } = nodeStates.gate.interrupt;
    const { status } = byToken
      ? await wire.post(`/interrupts/${interruptToken}`, body)
      : await wire.post(`${run}/interrupts/gate`, body, as);
    return status;
  };
  for (const byToken of [false, true]) {
    for (const person of Object.keys(people)) {
      const wanted = ["ada", "bob"].includes(person) ? 200 : 403;
      assert.equal(await answers(person, byToken), wanted, person);
    }
  }
});

test("an approval that names roles only is for nobody where the host knows none", async () => {
  const wire = new Wire(
    createHost({ workflows: [gate({ approverRoleRefs: ["editor"] })] }),
  );
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const { status, body } = await wire.post(`${run}/interrupts/gate`, {
    resumeValue: { action: "accept" },
  });
  assert.deepEqual([status, body.error], [403, "forbidden"]);
});

test("apiKeys() refuses keys that protect nothing, without showing them", () => {
  const [ada] = keys;
  const odd: [change: Partial<ApiKey>, path: string][] = [
    [{ key: "short" }, "keys[0].key"],
    [{ key: "with a space in it, long" }, "keys[0].key"],
    [{ tenant: "a/b" }, "keys[0].tenant"],
    [{ subject: "" }, "keys[0].subject"],
  ];
  for (const [change, path] of odd) {
    assert.throws(() => apiKeys([{ ...ada!, ...change }]), (error) => {
      const { code, path: at, message } = error as {
        code: string;
        path: string;
        message: string;
      };
      assert.equal(code, "invalid-argument");
      assert.equal(at, path);
      assert.doesNotMatch(message, /space in it|0123456789/);
      return true;
    });
  }
  assert.throws(() => apiKeys([ada!, { ...ada!, tenant: "other" }]), {
    code: "invalid-argument",
    path: "keys[1].key",
  });
});

test("createHost() takes access or a tenant, not both, and refuses callers that cannot be", async () => {
  const access = () => ({ tenant: "acme", subject: "a" });
  for (const more of [{ tenant: "x" }, { subject: () => "x" }]) {
    assert.throws(() => createHost({ workflows: [], access, ...more }), {
      code: "invalid-argument",
      path: "options.access",
    });
  }
  for (
    const caller of [{ tenant: "a b", subject: "a" }, {
      tenant: "a",
      subject: "/",
    }]
  ) {
    const wire = new Wire(
      createHost({ workflows: [noop], access: () => caller }),
    );
    const { status } = await wire.post("/runs", {
      workflowId: "conformance-noop",
    });
    assert.equal(status, 401);
  }
});
