import assert from "node:assert/strict";
import test from "node:test";
import { memoryStore } from "@tutti/sdk/host";
import { hostConformance } from "@tutti/sdk/testing";
import type { HostSubject } from "@tutti/sdk/testing";
import { conformanceHost } from "../support/conformance_host.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

/** Changes an answer. */
type Break = (
  answer: Response,
  request: Request,
) => Response | Promise<Response>;

function header(name: string, value?: string): Break {
  return (answer) => {
    const headers = new Headers(answer.headers);
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
    return new Response(answer.body, { status: answer.status, headers });
  };
}

function body(path: RegExp, change: (body: Json) => Json): Break {
  return async (answer, request) => {
    const isIt = path.test(new URL(request.url).pathname) &&
      answer.headers.get("content-type") === "application/json";
    if (!isIt) return answer;
    const changed = JSON.stringify(change(await answer.json()));
    return new Response(changed, answer);
  };
}

function status(path: RegExp, from: number, to: number): Break {
  return (answer, { url }) =>
    path.test(new URL(url).pathname) && answer.status === from
      ? new Response(answer.body, { status: to, headers: answer.headers })
      : answer;
}

function frames(change: (text: string) => string): Break {
  return async (answer) => {
    const type = answer.headers.get("content-type");
    return type === "text/event-stream"
      ? new Response(change(await answer.text()), answer)
      : answer;
  };
}

const poll = /\/poll$/;
const run = /^\/runs\/[^/:]+$/;
const discovery = /openwop$/;

const broken: [check: RegExp, how: Break, says: RegExp][] = [
  [/closed root/, body(discovery, (b) => ({ ...b, capabilities: {} })), /v/],
  [/closed root/, body(discovery, (b) => ({ ...b, eventLog: {} })), /status/],
  [/not sent twice/, header("etag"), /no ETag/],
  [
    /one of those listed/,
    body(discovery, (b) => ({ ...b, preferredVersion: "2.9" })),
    /preferredVersion/,
  ],
  [/without a header other/, header("openwop-version"), /names version null/],
  [/names version 2 gets/, header("openwop-version", "1.0"), /major/],
  [/not served is refused/, status(discovery, 406, 200), /found 200/],
  [/cannot be verified/, status(/interrupts/, 401, 200), /found 200/],
  [/done once/, body(/runs$/, (b) => ({ ...b, runId: `${b.runId}x` })), /runs/],
  [/done once/, header("openwop-idempotent-replay"), /Idempotent-Replay/],
  [/too short is refused/, status(/runs$/, 400, 201), /found 201/],
  [/same era/, body(run, (b) => ({ ...b, eventLogSchemaVersion: 2 })), /era|2/],
  [
    /closed envelope/,
    body(poll, (b) => {
      b.events[0].extra = 1;
      return b;
    }),
    /beyond the envelope/,
  ],
  [
    /closed envelope/,
    body(poll, (b) => {
      b.events[1].type = "Node.Started";
      return b;
    }),
    /neither registered/,
  ],
  [
    /one end/,
    body(poll, (b) => {
      b.events.push({ ...b.events.at(-1), sequence: ++b.lastSequence });
      return b;
    }),
    /ends of the run/,
  ],
  [/five keys/, body(poll, (b) => ({ ...b, isComplete: true })), /keys/],
  [
    /cursor of a poll/,
    body(poll, (b) => ({ ...b, events: b.events.slice(0, 2) })),
    /events after/,
  ],
  [/too many tags/, status(/runs$/, 400, 201), /found 201/],
  [/tags and metadata/, body(run, (b) => ({ ...b, tags: [] })), /tags/],
  [/no object are refused/, status(/runs$/, 400, 500), /found 500/],
  [/over cannot be canc/, status(/cancel$/, 409, 200), /found 200/],
  [/more runs than/, status(/bulk-cancel$/, 400, 200), /found 200/],
  [
    /its own result/,
    body(/bulk-cancel$/, (b) => ({ results: b.results?.reverse() })),
    /order/,
  ],
  [/neither paused/, status(/:resume$/, 409, 202), /found 202/],
  [
    /paused within a node/,
    body(/:pause$/, (b) => ({ ...b, details: {} })),
    /runStatus/,
  ],
  [/everything and is closed/, frames((t) => t.replace(/id: 0\n/, "")), /ids/],
  [
    /everything and is closed/,
    frames((t) => t.replace(/id: 1\n(.+\n)+\n/, "")),
    /events/,
  ],
  [/cursor is exclusive/, frames((t) => `${t}id: 9\ndata: {}\n\n`), /frames/],
  [/beyond the end of a/, frames((t) => `${t}id: 9\ndata: {}\n\n`), /frames/],
  [/no number/, status(/events$/, 400, 500), /refusal/],
  [/another tenant/, status(run, 403, 200), /found 200/],
  [/answered once/, status(/gate$/, 409, 200), /found 200/],
  [/too old only/, status(discovery, 200, 426), /keys of the error/],
  [/duplicate of an/, status(/runs$/, 409, 201), /found 201/],
  [/duplicate of an/, header("retry-after"), /no Retry-After/],
  [/engine is forced/, status(/runs$/, 403, 201), /found 201/],
  [/options are closed/, status(/runs$/, 400, 201), /found 201/],
  [
    /secret is rotated/,
    body(
      /rotate-secret$/,
      (b) => ({ ...b, rotatedAt: b.previousSecretExpiresAt }),
    ),
    /overlap/,
  ],
  [/companion scheme is/, status(/webhooks$/, 400, 201), /found 201/],
  [/letters are read/, status(/dead-letters$/, 400, 200), /found 200/],
  [
    /dead letters are read/,
    status(/dead-letters$/, 404, 200),
    /found 200/,
  ],
];

for (const [name, how, says] of broken) {
  test(`hostConformance() sees a host that breaks ${name.source}: ${says.source}`, async () => {
    const check = checksOf(how).find((one) => name.test(one.name));
    assert.ok(check, `there is a check ${name.source}`);
    await assert.rejects(check.run(), says);
  });
}

test("hostConformance() sees a host that never closes a stream that grew", async () => {
  const check = checksOf((answer) =>
    answer.headers.get("content-type") === "text/event-stream"
      ? new Response(
        answer.body!.pipeThrough(
          new TransformStream({ flush: () => new Promise(() => {}) }),
        ),
        answer,
      )
      : answer
  ).find(({ name }) => /loses nothing/.test(name));
  await assert.rejects(check!.run(), /did not close/);
});

test("hostConformance() sees a receiver that hears nothing", async () => {
  const checks = hostConformance(async () => {
    const subject = await conformanceHost(memoryStore(), "in process");
    const { receive } = subject;
    return {
      ...subject,
      receive: async () => await receive!(() => new Response()),
    };
  });
  const check = checks.find(({ name }) => /that was asked for/.test(name));
  await assert.rejects(check!.run(), /^Error: 0 of 4 events arrived$/);
});

test("hostConformance() says what it could not look at, and why", async () => {
  const checks = hostConformance(async () => {
    const { otherApiKey: _, ...subject } = await conformanceHost(
      memoryStore(),
      "in process",
    );
    return { ...subject, fixtures: ["conformance-noop"] };
  });
  const results = await Promise.all(
    checks.filter(({ name }) =>
      /another tenant|under way is cancelled/.test(name)
    ).map((check) => check.run()),
  );
  assert.deepEqual(results, [
    {
      outcome: "inapplicable",
      reason: "there is no fixture conformance-cancellable",
    },
    { outcome: "blocked", reason: "there is no key of a second tenant" },
  ]);
});

test("hostConformance() covers the seventeen scenarios of version 2, and version 1", () => {
  const checks = checksOf((answer) => answer);
  const of = (major: number) =>
    new Set(
      checks.filter((check) => check.major === major)
        .map(({ scenario }) => scenario),
    ).size;
  assert.equal(of(2), 17);
  assert.ok(of(1) >= 15);
  assert.equal(new Set(checks.map(({ name }) => name)).size, checks.length);
});

function checksOf(how: Break) {
  return hostConformance(async (): Promise<HostSubject> => {
    const subject = await conformanceHost(memoryStore(), "in process");
    const { fetch } = subject;
    return {
      ...subject,
      fetch: async (request) => await how(await fetch!(request), request),
    };
  });
}
