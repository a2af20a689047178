import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import {
  createTransport,
  debugLog,
  idempotencyKeys,
  observer,
  TuttiError,
} from "@tutti/sdk/http";
import type {
  CallEvent,
  CallOptions,
  Operation,
  TransportOptions,
} from "@tutti/sdk/http";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";

let planted = 0;
/** A secret that occurs nowhere else. */
const canary = (place: string): string => `singing-${place}-${++planted}`;

/** Everything that a program may do with what it is given, without asking for secrets. */
function dumps(value: unknown): string[] {
  return [
    inspect(value, { depth: 10, breakLength: Infinity }),
    String(value),
    JSON.stringify(value) ?? "",
    JSON.stringify({ value, list: [value] }),
  ];
}

/** An inspector shows `cause` and the stack of an error as they are; what we wrote ourselves is the rest. */
function errorTexts(error: TuttiError): string[] {
  const { message, hint, docs, code, name } = error;
  return [
    message,
    String(error),
    hint ?? "",
    docs,
    code,
    name,
    JSON.stringify(error),
    JSON.stringify({ ...error }),
    inspect({ ...error }),
  ];
}

interface Outcome {
  readonly texts: readonly string[];
  readonly sent: readonly Request[];
  readonly error: unknown;
}

/** Makes one call with a secret in every place, watched by everything that watches. */
async function callWith(
  answer: () => Response,
  options: Partial<TransportOptions> = {},
  operation: Partial<Operation> = {},
  call: CallOptions = {},
): Promise<Outcome> {
  const texts: string[] = [];
  const sent: Request[] = [];
  const log = debugLog({ write: (line) => texts.push(line) });
  const events = observer((event) => texts.push(...dumps(event)));
  const clock = new FakeClock();
  const transport = createTransport({
    baseUrl: "https://api.test",
    clock,
    headers: {
      authorization: `Bearer ${canary("authorization")}`,
      "x-api-key": canary("api-key"),
      cookie: `a=${canary("cookie")}`,
      "x-custom": canary("custom"),
    },
    retry: { retries: 1 },
    sign: (request) => {
      request.headers.set("x-signature", canary("signature"));
      return request;
    },
    observe: (step, context, detail) => {
      log(step, context, detail);
      events(step, context, detail);
    },
    ...options,
    fetch: (request) => {
      sent.push(request);
      return answer();
    },
  });
  let error: unknown;
  try {
    await clock.run(transport.call({
      method: "POST",
      path: "/things",
      query: { token: canary("query"), "x&y": canary("query") },
      headers: { "x-operation": canary("operation") },
      json: { password: canary("body"), [canary("name")]: 1 },
      contract: "safe",
      decode: (body) => body,
      ...operation,
    }, { headers: { "x-call": canary("call") }, ...call }));
  } catch (thrown) {
    error = thrown;
    if (TuttiError.is(thrown)) texts.push(...errorTexts(thrown));
  }
  return { texts, sent, error };
}

function assertSilent({ texts }: Outcome): void {
  assert.ok(texts.length > 0);
  for (const line of texts) {
    assert.doesNotMatch(line, /singing/, line);
  }
}

const answers: readonly [
  name: string,
  answer: () => Response,
  code?: string,
][] = [
  ["succeeds", () =>
    Response.json({ token: canary("answer") }, {
      headers: { "set-cookie": canary("set-cookie") },
    })],
  [
    "is refused with JSON",
    () =>
      Response.json({
        error: "no",
        message: canary("error-body"),
        details: { a: canary("details") },
      }, { status: 503, headers: { "x-answer": canary("answer-header") } }),
    "http-error",
  ],
  ["is refused with text", () =>
    new Response(canary("error-text"), {
      status: 401,
      headers: { "www-authenticate": canary("challenge") },
    }), "http-error"],
  ["is redirected", () =>
    new Response(null, {
      status: 302,
      headers: { location: `https://x.test/?t=${canary("location")}` },
    }), "http-error"],
  ["is answered with no JSON", () => new Response(canary("no-json")), "decode"],
  ["meets a broken connection", () => {
    throw new TypeError(`no way to https://x.test?t=${canary("cause")}`);
  }, "network"],
  ["meets something that is no error", () => {
    throw canary("thrown");
  }, "network"],
];

for (const [name, answer, code] of answers) {
  test(`no secret gets into a log, an event or an error when a call ${name}`, async () => {
    const outcome = await callWith(answer);
    assert.equal((outcome.error as TuttiError | undefined)?.code, code);
    assert.match(
      `${outcome.sent[0]?.url} ${
        JSON.stringify([...outcome.sent[0]!.headers])
      }`,
      /singing-query.*singing-authorization.*singing-signature/,
    );
    assert.ok(outcome.texts.some((line) => line.includes("/things")));
    assertSilent(outcome);
  });
}

test("no secret of the options gets into the error when they are refused", async () => {
  for (
    const options of [
      { baseUrl: `https://me:${canary("userinfo")}@api.test` },
      { baseUrl: `https://api.test?key=${canary("query")}` },
      { baseUrl: `ftp://${canary("host")}` },
      { baseUrl: canary("no-url") },
    ]
  ) {
    assert.throws(() => createTransport(options), (error) => {
      assert.ok(TuttiError.is(error));
      assertSilent({
        texts: [...errorTexts(error), inspect(error)],
        sent: [],
        error,
      });
      return true;
    });
  }
  const outcomes = [
    await callWith(() => Response.json(1), {
      headers: { authorization: `${canary("header")}\n` },
    }),
    await callWith(() => Response.json(1), {
      headers: { authorization: `${canary("header")}\u0100` },
    }),
    await callWith(() => Response.json(1), {
      trace: () => ({ traceparent: `${canary("trace")}\n` }),
    }),
  ];
  for (const outcome of outcomes) {
    assert.equal(outcome.sent.length, 0);
    assert.equal((outcome.error as TuttiError).code, "invalid-argument");
    assertSilent(outcome);
    assertSilent({ ...outcome, texts: [inspect(outcome.error)] });
  }
});

test("no path that is a secret gets into a log when the operation has a label", async () => {
  const outcome = await callWith(() => new Response("", { status: 404 }), {}, {
    path: `/interrupts/${canary("path")}`,
    label: "GET /interrupts/{token}/things",
  });
  assertSilent(outcome);
});

test("no secret of a trace gets into a log, an event or an error", async () => {
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const trace = () => ({ traceparent, tracestate: canary("tracestate") });
  for (const status of [200, 400]) {
    for (
      const [options, call] of [[{ trace }, {}], [{}, {
        trace: trace(),
      }]] as const
    ) {
      const outcome = await callWith(
        () => Response.json(1, { status }),
        options,
        {},
        call,
      );
      assert.match(
        outcome.sent[0]?.headers.get("tracestate") ?? "",
        /singing-tracestate/,
      );
      assertSilent(outcome);
    }
  }
});

test("the caller's own idempotency key is told under its name, and gets into no log and no message", async () => {
  for (const status of [200, 400]) {
    const lines: string[] = [];
    const events: CallEvent[] = [];
    const log = debugLog({ write: (line) => lines.push(line) });
    const watch = observer((event) => events.push(event));
    const key = canary("key");
    const { sent, error } = await callWith(
      () => Response.json(1, { status }),
      {
        observe: (step, context, detail) => {
          log(step, context, detail);
          watch(step, context, detail);
        },
        idempotency: idempotencyKeys({
          header: "idempotency-key",
          createKey: () => "made",
        }),
      },
      { contract: "keyed" },
      { idempotencyKey: key },
    );
    assert.equal(sent[0]?.headers.get("idempotency-key"), key);
    const known = (error ?? {}) as Partial<TuttiError>;
    if (status === 400) assert.equal(known.idempotencyKey, key);
    assert.equal(events.at(-1)?.idempotencyKey, key);
    const { message = "", hint = "", docs = "" } = known;
    const rest = events.map((event) => ({ ...event, idempotencyKey: "" }));
    assertSilent({
      texts: [...lines, message, hint, docs, ...rest.flatMap(dumps)],
      sent,
      error,
    });
  }
});

test("no secret gets into what a client writes when a host refuses it", async () => {
  const key = canary("api-key");
  const texts: string[] = [];
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    major: 2,
    apiKey: key,
    observe: debugLog({ write: (line) => texts.push(line) }),
    fetch: (request) => {
      assert.equal(request.headers.get("authorization"), `Bearer ${key}`);
      return Response.json({
        error: "forbidden",
        message: canary("message"),
        details: { a: canary("details") },
      }, { status: 403, headers: { "OpenWOP-Version": "2.0" } });
    },
  });
  await assert.rejects(
    client.runs.create({ workflowId: "w", inputs: { a: canary("input") } }),
    (error) => {
      assert.ok(TuttiError.is(error));
      // Not even with an inspector: the error has no cause.
      texts.push(...errorTexts(error), ...dumps(error));
      return true;
    },
  );
  assertSilent({ texts, sent: [], error: undefined });
});

test("what was kept back is there for whoever asks for it", async () => {
  const events: CallEvent[] = [];
  const { error } = await callWith(
    () => Response.json({ secret: "s" }, { status: 400 }),
    { observe: observer((event) => events.push(event)) },
  );
  assert.deepEqual((error as { body?: unknown }).body, { secret: "s" });
  const attempt = events.find(({ type }) => type === "attempt");
  assert.match(attempt?.request?.().body ?? "", /singing-body/);
  const answer = events.find(({ type }) => type === "answer");
  assert.equal(answer?.error?.(), error);
});

test("debugLog() shows what it is told to show, and nothing beside", async () => {
  const lines: string[] = [];
  await callWith(
    () => Response.json({ status: "ok", token: canary("answer") }),
    {
      observe: debugLog({
        write: (line) => lines.push(line),
        headers: ["X-Shown"],
        query: ["page"],
        body: ["/status", "/items/*/id"],
      }),
      headers: { "x-shown": "seen", "x-hidden": canary("header") },
    },
    {
      query: { page: 2, token: canary("query") },
      json: { items: [{ id: 7, name: canary("name") }], a: canary("body") },
    },
  );
  assert.deepEqual(lines.map((line) => line.replace(";charset=utf-8", "")), [
    "tutti #1 start POST /things",
    "tutti #1.1 > POST /things at https://api.test/?page=2&token=[redacted] " +
    '{"accept":"application/json","content-type":"application/json","x-call":"[redacted]","x-hidden":"[redacted]","x-operation":"[redacted]","x-shown":"seen"} ' +
    '{"items":[{"id":7}]}',
    'tutti #1.1 < ok 200 after 0 ms {"content-type":"application/json"} {"status":"ok"}',
    "tutti #1 end POST /things < ok 200 after 0 ms",
  ]);
});
