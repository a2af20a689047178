import assert from "node:assert/strict";
import test from "node:test";
import { memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import { OpenwopClient, receiveWebhook } from "@tutti/sdk/openwop";
import type { WebhookDelivery } from "@tutti/sdk/openwop";
import { until } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import {
  arrived,
  openWithReceiver,
  quiet,
  register,
  repeated,
  SECRET,
  URL_OF_ADA,
} from "../support/webhook_receiver.ts";

const NEW = "another-secret-of-the-test";
const ONE = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const TWO = "whsec_b2xkLXNlY3JldC1vZi0yNC1ieXRlcy1vci1tb3Jl";
const DAY_MS = 86_400_000;
const both = ["v1", "standard-webhooks-1"];

type Open = ReturnType<typeof openWithReceiver>;

/** An endpoint with our own receiver, which may be shown some of the headers only. */
function receiving(
  { clock }: Open,
  secret: string | string[],
  keep: (name: string) => boolean = () => true,
) {
  const events: WebhookDelivery[] = [];
  const receive = receiveWebhook({
    secret,
    clock,
    onEvent: (delivery) => void events.push(delivery),
  });
  const answer = async (request: Request): Promise<Response> => {
    const headers = new Headers(
      [...request.headers].filter(([name]) => keep(name)),
    );
    return await receive(
      new Request(request.url, {
        method: "POST",
        headers,
        body: await request.text(),
      }),
    );
  };
  return { answer, events };
}

const isStandard = (name: string): boolean => !/^openwop-/.test(name);

function clientOf({ host }: Open): OpenwopClient {
  return new OpenwopClient({ baseUrl: host.url, fetch: host.fetch, major: 2 });
}

test("a webhook of Standard Webhooks is asked first, and gets both families of headers", async () => {
  const open = openWithReceiver();
  const client = clientOf(open);
  for (const keep of [isStandard, () => true]) {
    const { answer, events } = receiving(open, ONE, keep);
    open.receiver.answer = answer;
    open.receiver.came.length = 0;
    const made = await client.webhooks.register({
      url: URL_OF_ADA,
      events: ["run.completed"],
      secret: ONE,
      signatureAlgorithms: ["standard-webhooks-1", "v1"],
    });
    assert.deepEqual(made.signatureAlgorithms, both);
    assert.equal(made.secret, undefined);
    const [asked] = open.receiver.came;
    const { type, challenge } = await asked!.clone().json();
    assert.equal(type, "openwop.webhook.verification");
    assert.match(challenge, /^[\w-]{32}$/);
    await open.wire.start("conformance-noop");
    await until(() => events.length === 1);
    assert.equal(
      events[0]!.family,
      keep === isStandard ? "standard-webhooks" : "v2",
    );
    await client.webhooks.unregister(made.webhookId);
  }
});

test("a message has one id for all of its attempts, and another than the next message", async () => {
  const open = openWithReceiver();
  const { answer } = receiving(open, ONE);
  open.receiver.answer = answer;
  await register(open.wire, { secret: ONE, signatureAlgorithms: both });
  let refusals = 2;
  open.receiver.answer = (request) =>
    refusals-- > 0 ? new Response(null, { status: 500 }) : answer(request);
  await open.wire.start("conformance-noop");
  await repeated(open.clock, () => open.receiver.came.length >= 5);
  const came = open.receiver.came.slice(1).map(({ headers }) => [
    headers.get("openwop-event-type"),
    headers.get("webhook-id"),
  ]);
  const ids = (type: string) =>
    new Set(came.filter(([name]) => name === type).map(([, id]) => id));
  assert.equal(ids("run.started").size, 1);
  assert.equal(ids("run.completed").size, 1);
  assert.notDeepEqual(ids("run.started"), ids("run.completed"));
});

test("an endpoint that does not send its challenge back is not registered", async () => {
  const open = openWithReceiver();
  const { wire, receiver, clock } = open;
  const body = {
    url: URL_OF_ADA,
    events: ["run.completed"],
    signatureAlgorithms: both,
  };
  const answers: (() => Response | Promise<Response>)[] = [
    () => new Response(),
    () => Response.json({ challenge: "other" }),
    () => new Response("{"),
    () => new Response(null, { status: 302, headers: { location: "/" } }),
    () => Response.json({ challenge: "x".repeat(5_000) }),
    () => Promise.reject(new TypeError("refused")),
  ];
  for (const answer of answers) {
    receiver.answer = answer;
    const refused = await wire.post("/webhooks", body);
    assert.equal(refused.status, 400);
    assert.equal(refused.body.error, "webhook_endpoint_unverified");
  }
  receiver.answer = () => new Promise(() => {});
  const waiting = wire.post("/webhooks", body);
  await arrived(receiver, answers.length + 1);
  await clock.advance(10_000);
  const late = await waiting;
  assert.equal(late.body.error, "webhook_endpoint_unverified");
  // With an echo it is, and then the secret is one that the scheme takes.
  const { answer } = receiving(open, ONE);
  receiver.answer = answer;
  const made = await wire.post("/webhooks", body);
  assert.equal(made.status, 201);
  assert.match(made.body.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.equal(clock.pending, 0);
});

test("a secret that Standard Webhooks cannot use is refused where it is wanted for that", async () => {
  const { wire, receiver } = openWithReceiver();
  receiver.answer = async (request) => Response.json(await request.json());
  const body = { url: URL_OF_ADA, events: ["run.completed"] };
  for (const secret of [SECRET, "whsec_c2hvcnQ=", `${ONE}!`]) {
    const refused = await wire.post("/webhooks", {
      ...body,
      secret,
      signatureAlgorithms: both,
    });
    assert.equal(refused.status, 400, secret);
    assert.equal(refused.body.details.pointer, "/secret");
    assert.doesNotMatch(JSON.stringify(refused.body), new RegExp(secret));
  }
  const odd = [[], ["standard-webhooks-1"], ["v1", "v1"], ["v1", "v9"], "v1"];
  for (const signatureAlgorithms of odd) {
    const refused = await wire.post("/webhooks", {
      ...body,
      signatureAlgorithms,
    });
    assert.equal(refused.body.details.pointer, "/signatureAlgorithms");
  }
  const made = await wire.post("/webhooks", {
    ...body,
    secret: ONE,
    signatureAlgorithms: both,
  });
  const path = `/webhooks/${encodeURIComponent(made.body.webhookId)}`;
  const rotated = await wire.post(`${path}/rotate-secret`, { secret: NEW });
  assert.equal(rotated.body.details.pointer, "/secret");
});

test("while secrets rotate, a receiver with either is told; afterwards only one with the new", async () => {
  const open = openWithReceiver();
  const { wire, receiver, clock } = open;
  const client = clientOf(open);
  const { webhookId } = await register(wire, { events: ["run.completed"] });
  const begun = clock.now();
  const answer = await client.webhooks.rotateSecret(webhookId, NEW);
  assert.deepEqual(answer, {
    rotatedAt: new Date(begun).toISOString(),
    previousSecretExpiresAt: new Date(begun + DAY_MS).toISOString(),
  });
  // Made again it changes nothing.
  await clock.advance(1_000);
  assert.deepEqual(
    await client.webhooks.rotateSecret(webhookId, NEW),
    answer,
  );
  /** Tells of one run; the answers to the first attempts, until one is taken or `most` were made. */
  const tell = async (secret: string | string[], most: number) => {
    const { answer } = receiving(open, secret);
    const answers: number[] = [];
    receiver.answer = async (request) => {
      const response = await answer(request);
      answers.push(response.status);
      return response;
    };
    await wire.start("conformance-noop");
    await repeated(
      clock,
      () => answers.includes(204) || answers.length === most,
    );
    return answers;
  };
  assert.deepEqual(await tell(NEW, 3), [204]);
  assert.deepEqual(await tell([NEW, SECRET], 3), [204]);
  assert.deepEqual(await tell(SECRET, 3), [401, 204]);
  await clock.advance(DAY_MS);
  assert.deepEqual(await tell(NEW, 3), [204]);
  assert.deepEqual(await tell(SECRET, 3), [401, 401, 401]);
});

test("rotate-secret refuses what is none, what is the same, and what is not the caller's", async () => {
  const { wire } = openWithReceiver();
  const { webhookId } = await register(wire);
  const path = `/webhooks/${encodeURIComponent(webhookId)}/rotate-secret`;
  for (const body of [{}, { secret: "short" }, { secret: SECRET }, null]) {
    assert.equal((await wire.post(path, body)).status, 400);
  }
  const foreign = "/webhooks/other~2F0123456789abcdef/rotate-secret";
  assert.equal((await wire.post(foreign, { secret: NEW })).status, 403);
  const unknown = "/webhooks/local~2F0123456789abcdef/rotate-secret";
  assert.equal((await wire.post(unknown, { secret: NEW })).status, 404);
});

async function restarts(first: Store, second: () => Store): Promise<void> {
  const before = openWithReceiver({ store: first });
  const asked = receiving(before, ONE);
  before.receiver.answer = asked.answer;
  const { webhookId } = await register(before.wire, {
    events: ["run.completed"],
    secret: ONE,
    signatureAlgorithms: both,
  });
  await clientOf(before).webhooks.rotateSecret(webhookId, TWO);
  // Nobody is there when the event comes to be.
  before.receiver.answer = () => new Response(null, { status: 503 });
  await before.wire.start("conformance-noop");
  await arrived(before.receiver, 2);
  await quiet();
  await before.host.close();
  const after = openWithReceiver({ store: second(), clock: before.clock });
  const { clock } = before;
  // By the companion scheme each attempt carries both signatures.
  const { answer, events } = receiving({ ...after, clock }, ONE, isStandard);
  after.receiver.answer = answer;
  await quiet();
  await clock.advance(500);
  await until(() => events.length === 1);
  assert.equal(events[0]!.family, "standard-webhooks");
  await after.host.close();
}

test("both signatures are there after a restart, in memory", async () => {
  const store = memoryStore();
  await restarts(store, () => store);
});

test("both signatures are there after a restart, on SQLite", async () => {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  const file = new StoreFile();
  try {
    await restarts(file.open(), () => file.open());
  } finally {
    file.delete();
  }
});
