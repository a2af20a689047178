import assert from "node:assert/strict";
import test from "node:test";
import {
  AbortedError,
  createEventStream,
  createTransport,
  systemClock,
  TimeoutError,
} from "@tutti/sdk/http";
import type { Clock, EventStream, Operation, Transport } from "@tutti/sdk/http";
import {
  countListeners,
  createBody,
  createScriptedFetch,
  createScriptedServer,
  eventReply,
  FakeClock,
  jsonReply,
  settle,
  silentReply,
  textReply,
  until,
} from "@tutti/sdk/testing";
import type { ControlledBody, ScriptedReply } from "@tutti/sdk/testing";

/** Calls and streams under way at the same time. */
const BATCH = 250;

const read: Operation<unknown, "safe"> = {
  method: "GET",
  path: "/thing",
  contract: "safe",
  decode: (body) => body,
};

/** A body that never ends, and that knows whether somebody let go of it. */
function openBodies(): {
  reply: (status: number) => ScriptedReply;
  held(): number;
} {
  const bodies: ControlledBody[] = [];
  return {
    reply: (status) => () => {
      const body = createBody(["data: 1\n\n"], "stay");
      bodies.push(body);
      return new Response(body.stream, {
        status,
        headers: { "content-type": "text/event-stream" },
      });
    },
    held: () => bodies.filter(({ cancelled }) => !cancelled).length,
  };
}

function streamOf(
  transport: Transport,
  clock: Clock,
  signal?: AbortSignal,
): EventStream<string> {
  return createEventStream({
    action: "GET /events",
    open: async (_cursor, signal) =>
      (await transport.open({ ...read, path: "/events" }, { signal })).data,
    decode: ({ data }) => [data],
    sequenceOf: () => undefined,
    isTerminal: () => false,
  }, { clock, random: () => 1, signal });
}

async function batches(
  total: number,
  size: number,
  one: (index: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < total; from += size) {
    const length = Math.min(size, total - from);
    await Promise.all(Array.from({ length }, (_, n) => one(from + n)));
  }
}

test("10,000 aborted calls leave no listener, no timer and no open body, whatever they were at", async () => {
  const clock = new FakeClock();
  const bodies = openBodies();
  const stages: Record<string, ScriptedReply | "sign" | "before"> = {
    before: "before",
    signing: "sign",
    connecting: silentReply,
    "a fetch that does not listen": () => new Promise(() => {}),
    "reading the body": bodies.reply(200),
    "reading the body of an error": bodies.reply(500),
    "waiting for the next try": textReply("", { status: 503 }),
    "waiting as long as the server asks": textReply("", {
      status: 429,
      headers: { "retry-after": "30" },
    }),
  };
  const transports = Object.entries(stages).map(([name, stage]) => ({
    name,
    before: stage === "before",
    transport: createTransport({
      baseUrl: "https://api.test",
      clock,
      attemptTimeoutMs: 100_000,
      fetch: createScriptedFetch({
        otherwise: typeof stage === "string" ? jsonReply(1) : stage,
      }).fetch,
      ...(stage === "sign" && { sign: () => new Promise(() => {}) }),
    }),
  }));
  let total = 0;
  for (const { name, before, transport } of transports) {
    await batches(10_000 / transports.length, BATCH, async () => {
      total++;
      const controller = new AbortController();
      const listeners = countListeners(controller.signal);
      if (before) controller.abort("enough");
      const call = transport.call(read, { signal: controller.signal });
      call.catch(() => {});
      await settle();
      assert.ok(before || (listeners() > 0 && clock.pending > 0), name);
      controller.abort("enough");
      await assert.rejects(call, AbortedError);
      assert.equal(listeners(), 0, name);
    });
    await settle();
    assert.equal(clock.pending, 0, name);
    assert.equal(bodies.held(), 0, name);
  }
  assert.equal(total, 10_000);
});

test("calls that end by themselves leave nothing on a signal that lives on", async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  const bodies = openBodies();
  const ends: [ScriptedReply, typeof TimeoutError | undefined][] = [
    [jsonReply(1), undefined],
    [silentReply, TimeoutError],
    [bodies.reply(200), TimeoutError],
  ];
  for (const [reply, error] of ends) {
    const transport = createTransport({
      baseUrl: "https://api.test",
      clock,
      connectTimeoutMs: 1_000,
      idleTimeoutMs: 1_000,
      fetch: createScriptedFetch({ otherwise: reply }).fetch,
    });
    for (let round = 0; round < 4; round++) {
      const calls = Array.from(
        { length: BATCH },
        () => transport.call(read, { signal, retry: false }),
      );
      const all = Promise.allSettled(calls);
      await settle();
      await clock.advance(1_000);
      for (const result of await all) {
        assert.equal(result.status, error ? "rejected" : "fulfilled");
      }
    }
    await settle();
    assert.equal(clock.pending, 0);
    assert.equal(bodies.held(), 0);
    assert.equal(listeners(), 0);
  }
});

test("1,000 abandoned streams leave no listener, no timer and no open body, however they are left", async () => {
  const clock = new FakeClock();
  const bodies = openBodies();
  const transport = createTransport({
    baseUrl: "https://api.test",
    clock,
    fetch: createScriptedFetch({ otherwise: bodies.reply(200) }).fetch,
  });
  const shared = new AbortController();
  const onShared = countListeners(shared.signal);
  const leave: ((stream: EventStream<string>) => Promise<void>)[] = [
    async (stream) => {
      for await (const _ of stream) break;
    },
    async (stream) => {
      await assert.rejects(
        (async () => {
          for await (const _ of stream) throw new Error("mine");
        })(),
        /mine/,
      );
    },
    async (stream) => {
      await stream.next();
      await stream.close();
    },
    async (stream) => {
      await stream.next();
      const waiting = stream.next();
      await settle();
      await stream.close();
      assert.equal((await waiting).done, true);
    },
    async (stream) => {
      const opening = stream.next();
      await stream.close();
      assert.equal((await opening).done, true);
    },
  ];
  await batches(1_000, BATCH, async (index) => {
    await leave[index % leave.length]!(
      streamOf(transport, clock, shared.signal),
    );
  });
  await settle();
  assert.equal(bodies.held(), 0);
  assert.equal(clock.pending, 0);
  assert.equal(onShared(), 0);

  await batches(1_000, BATCH, async (index) => {
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const stream = streamOf(transport, clock, controller.signal);
    const opened = index % 2 === 0;
    if (opened) await stream.next();
    const waiting = stream.next();
    waiting.catch(() => {});
    if (opened) await settle();
    controller.abort("enough");
    await assert.rejects(waiting, AbortedError);
    assert.equal(listeners(), 0);
  });
  await settle();
  assert.equal(bodies.held(), 0);
  assert.equal(clock.pending, 0);
});

test("aborted calls and abandoned streams leave no socket", async () => {
  const seen = new Set<string>();
  const noting = (reply: ScriptedReply): ScriptedReply => (request) => {
    seen.add(request.path);
    return reply(request);
  };
  const server = await createScriptedServer({
    routes: {
      "GET /silent": noting(silentReply),
      "GET /headers": noting(eventReply([], "stay")),
      "GET /body": noting(eventReply(["data: 1\n\n"], "stay")),
      "GET /events": eventReply([{ data: 1 }], "stay"),
    },
  });
  try {
    const transport = createTransport({ baseUrl: server.url });
    const paths = ["/silent", "/headers", "/body"];
    await batches(300, 50, async (index) => {
      const controller = new AbortController();
      const path = `${paths[index % paths.length]}?n=${index}`;
      const call = transport.call({ ...read, path }, controller);
      call.catch(() => {});
      // Some on their way to the server, most when it works on them.
      if (index % 10 < 3) await settle(index % 10);
      else await until(() => seen.has(path));
      controller.abort("enough");
      await assert.rejects(call, AbortedError);
    });
    await server.drained();
    assert.equal(server.connections, 0);
    assert.ok(seen.size >= 210, `${seen.size} requests`);

    await batches(1_000, 50, async (index) => {
      const controller = new AbortController();
      const stream = streamOf(transport, systemClock, controller.signal);
      assert.deepEqual(await stream.next(), { done: false, value: "1" });
      if (index % 2 === 0) return await stream.close();
      controller.abort("enough");
      await assert.rejects(stream.next(), AbortedError);
    });
    await server.drained();
    assert.equal(server.connections, 0);
    const streams = server.requests.filter(({ path }) => path === "/events");
    assert.equal(streams.length, 1_000);
  } finally {
    await server.close();
  }
});

test("an aborted call ends its exchange when the garbage was collected in between", async () => {
  const collect = await garbageCollector();
  const server = await createScriptedServer({
    routes: { "GET /silent": silentReply },
  });
  try {
    const transport = createTransport({ baseUrl: server.url });
    const controller = new AbortController();
    const calls = Array.from(
      { length: 20 },
      () => transport.call({ ...read, path: "/silent" }, controller),
    );
    const all = Promise.allSettled(calls);
    await until(() => server.connections === 20);
    collect();
    controller.abort("enough");
    for (const { status } of await all) assert.equal(status, "rejected");
    await server.drained();
    assert.equal(server.connections, 0);
  } finally {
    await server.close();
  }
});

/** Collects now, on runtimes that let a program ask for it; elsewhere there is nothing to do. */
async function garbageCollector(): Promise<() => void> {
  const { Bun } = globalThis as { Bun?: { gc(force: boolean): void } };
  if (Bun) return () => Bun.gc(true);
  if ("Deno" in globalThis) return () => {};
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
