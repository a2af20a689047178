import assert from "node:assert/strict";
import test from "node:test";
import { DecodeError, HttpError } from "@tutti/sdk/http";
import {
  isCode,
  OpenwopClient,
  OpenwopError,
  ProtocolMismatchError,
  UnsupportedError,
} from "@tutti/sdk/openwop";
import type { OpenwopClientOptions, RunHandle } from "@tutti/sdk/openwop";
import { collect } from "../support/scripted_fetch.ts";
import { serving } from "../support/serving.ts";
import {
  events,
  frameOf,
  refusal,
  reply,
  RUN_ID,
} from "../support/wop_server.ts";

/** What a socket sends, and a handle on the run behind it. */
async function over(
  replies: readonly (() => Response)[],
  use: (run: RunHandle, client: OpenwopClient) => Promise<void>,
  options: Partial<OpenwopClientOptions> = {},
): Promise<void> {
  const left = [...replies];
  await serving({
    otherwise: () =>
      left.shift()?.() ?? new Response("no more answers", { status: 418 }),
  }, async (server) => {
    const client = new OpenwopClient({
      baseUrl: server.url,
      major: 2,
      random: () => 0,
      retry: false,
      ...options,
    });
    await use(client.runs.handle(RUN_ID), client);
    assert.equal(left.length, 0, "every answer was asked for");
  });
}

const done = {
  type: "run.completed",
  sequence: 0,
  runId: RUN_ID,
  payload: { outputs: { n: 1 } },
};

test("409 over a socket: what stands in the way is told by its code", async () => {
  await over([
    () => refusal(409, "run_terminal", {}, { runStatus: "completed" }),
    () => refusal(409, "run_state_conflict", {}, { runStatus: "running" }),
    () => refusal(409, "idempotency_key_mismatch"),
  ], async (run) => {
    await assert.rejects(
      run.cancel(),
      (error) => isCode(error, "run_terminal"),
    );
    await assert.rejects(
      run.resume(),
      (error) =>
        isCode(error, "run_state_conflict") &&
        error.details?.runStatus === "running" && !error.retryable,
    );
    await assert.rejects(
      run.pause({}, { idempotencyKey: "the-same-key-0123456789" }),
      (error) => isCode(error, "idempotency_key_mismatch"),
    );
  });
  // The one that passes is waited for.
  await over([
    () => refusal(409, "idempotency_in_flight", { "retry-after": "0" }),
    () => reply({ runId: RUN_ID, status: "cancelling" }),
  ], async (run) => {
    assert.equal((await run.cancel("stop")).status, "cancelling");
  }, { retry: { retries: 1 } });
});

test("406 over a socket: the host lists what it speaks, and is asked again where there is a choice", async () => {
  const unspoken = () =>
    refusal(406, "protocol_version_unsupported", {}, {
      protocolVersions: ["1.1"],
    });
  await over([unspoken], async (run) => {
    await assert.rejects(
      run.snapshot(),
      (error) =>
        isCode(error, "protocol_version_unsupported") &&
        error.status === 406,
    );
  });
  await over([
    unspoken,
    () =>
      Response.json({
        protocolVersion: "1.1",
        supportedEnvelopes: [],
        schemaVersions: {},
        limits: {},
      }),
    () => Response.json({ runId: "r", workflowId: "w", status: "paused" }),
  ], async (run) => {
    assert.equal(await run.status(), "paused");
  }, { major: "auto" });
});

test("426 over a socket: a client that is too old is told so, once", async () => {
  await over([
    () =>
      refusal(426, "client_version_unsupported", {}, {
        minClientVersion: "9.0",
      }),
  ], async (run) => {
    await assert.rejects(
      run.status(),
      (error) =>
        isCode(error, "client_version_unsupported") && !error.retryable &&
        error.hint?.includes("9.0") === true,
    );
  }, { retry: { retries: 3 } });
});

test("429 over a socket: calls and streams wait as the host asks", async () => {
  const busy = () => refusal(429, "rate_limited", { "retry-after": "2" });
  await over([busy], async (run) => {
    await assert.rejects(
      run.status(),
      (error) =>
        isCode(error, "rate_limited") && error.retryAfterMs === 2_000 &&
        error.retryable,
    );
  });
  const now = () => refusal(429, "rate_limited", { "retry-after": "0" });
  await over([
    now,
    now,
    () => events(frameOf(done)),
  ], async (run) => {
    const all = await collect(run.events({ retry: { retries: 2 } }));
    assert.equal(all.length, 1);
  });
});

test("501 over a socket: an operation is unsupported, a stream is polled", async () => {
  const none = () => refusal(501, "capability_not_provided");
  await over([none], async (run) => {
    await assert.rejects(
      run.fork({ fromSequence: 0 }),
      (error) => UnsupportedError.is(error) && error.capability === "replay",
    );
  });
  await over([
    none,
    () =>
      reply({
        runId: RUN_ID,
        events: [done],
        lastSequence: 0,
        status: "completed",
        isTerminal: true,
      }),
  ], async (run) => {
    assert.deepEqual((await run.result()).output, { n: 1 });
  });
});

const version = { "OpenWOP-Version": "2.0" };
const body = (text: BodyInit, status = 200): Response =>
  new Response(text, {
    status,
    headers: { ...version, "content-type": "application/json" },
  });

/** What no host should send. */
const malformed: readonly (readonly [string, BodyInit])[] = [
  ["nothing", ""],
  ["half of it", '{"runId":"acme/run'],
  ["no JSON", "<!doctype html><p>Bad gateway"],
  ["no object", "[]"],
  ["null", "null"],
  ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0x00])],
  ["another shape", '{"runId":7,"status":{}}'],
  ["a prototype", '{"__proto__":{"runId":"a","status":"b","workflowId":"c"}}'],
];

test("a malformed success over a socket is a decode error, and pollutes nothing", async () => {
  for (const [name, text] of malformed) {
    await over([() => body(text)], async (run) => {
      await assert.rejects(
        run.snapshot(),
        (error) => DecodeError.is(error),
        name,
      );
    });
  }
  assert.equal(({} as { runId?: string }).runId, undefined);
});

test("a malformed refusal over a socket keeps its status and is told by it", async () => {
  for (const [name, text] of malformed) {
    for (const status of [400, 409, 503]) {
      await over([() => body(text, status)], async (run) => {
        await assert.rejects(
          run.snapshot(),
          (error) =>
            OpenwopError.is(error) && error.status === status &&
            error.platformCode === undefined &&
            error.retryable === (status === 503),
          `${name} ${status}`,
        );
      });
    }
  }
});

test("a malformed page over a socket ends a poll with what is wrong", async () => {
  for (
    const text of [
      '{"events":{},"isTerminal":true}',
      '{"events":[7],"isTerminal":true}',
      '{"events":[{"type":"run.started"}],"isTerminal":false}',
      '{"events":[]}',
    ]
  ) {
    await over([() => body(text)], async (run) => {
      await assert.rejects(
        collect(run.events({ transport: "poll" })),
        (error) => DecodeError.is(error),
        text,
      );
    });
  }
});

test("a malformed frame over a socket is asked for again", async () => {
  for (
    const text of [
      'id: 0\nevent: run.completed\ndata: {"type":"run.comp\n\n',
      "id: 0\nevent: run.completed\ndata: \u0000\n\n",
      'event: batch\ndata: [{"type":"run.completed"}]\n\n',
      'id: 0\nevent: run.completed\ndata: {"type":"run.completed","sequence":0',
    ]
  ) {
    await over([
      () => events(text),
      // Where nothing came at all, a poll tells whether anything will.
      ...(text.endsWith("\n\n")
        ? []
        : [() => reply({ runId: RUN_ID, events: [], isTerminal: false })]),
      () => events(frameOf(done)),
    ], async (run) => {
      const all = await collect(run.events({ retry: { retries: 3 } }));
      assert.equal(all.length, 1, text);
    });
  }
});

test("an answer over a socket that no host gave is told apart", async () => {
  await over([
    () => Response.json({ runId: RUN_ID, workflowId: "w", status: "running" }),
    () => new Response("<h1>Bad gateway</h1>", { status: 502 }),
  ], async (run) => {
    await assert.rejects(run.status(), ProtocolMismatchError);
    await assert.rejects(
      run.status(),
      (error) =>
        HttpError.is(error) && OpenwopError.is(error) && !error.fromHost &&
        error.status === 502,
    );
  });
});
