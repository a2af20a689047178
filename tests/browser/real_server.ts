// Runs in a browser only (scripts/run_browser.mjs), against the server that served the page.
import assert from "node:assert/strict";
import test from "node:test";
import {
  AbortedError,
  createEventStream,
  createPages,
  createTransport,
  HttpError,
  InvalidArgumentError,
  NetworkError,
  observer,
  parseHex,
  parseSecret,
  refuseSecretInBrowser,
  signHmac,
  systemClock,
  TimeoutError,
  toHex,
  verifyHmac,
} from "@tutti/sdk/http";
import type { EventStream, Operation } from "@tutti/sdk/http";
import { createScriptedServer } from "@tutti/sdk/testing";
import { bodyVectors, requestVectors } from "../support/vectors.ts";

const { origin } = (globalThis as unknown as { location: { origin: string } })
  .location;
const transport = createTransport({
  baseUrl: `${origin}/api`,
  retry: { initialDelayMs: 1 },
});

function get(path: string): Operation<unknown, "safe"> {
  return { method: "GET", path, contract: "safe", decode: (body) => body };
}

/** Asks the server until it says what is wanted. */
async function until(path: string, wanted: unknown): Promise<void> {
  for (const end = performance.now() + 60_000;;) {
    const { data } = await transport.call(get(path));
    if (data === wanted) return;
    assert.ok(performance.now() < end, `${path} never said ${wanted}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

function numbers(path: string, observe?: (type: string) => void): EventStream<
  number
> {
  return createEventStream<number>({
    action: `GET ${path}`,
    open: async ({ lastEventId }, signal) =>
      (await transport.open({
        ...get(path),
        headers: { accept: "text/event-stream", "last-event-id": lastEventId },
      }, { signal })).data,
    decode: ({ data }) => [Number(data)],
    sequenceOf: (item) => item,
    isTerminal: (item) => item === 49,
    dense: true,
  }, {
    clock: systemClock,
    random: () => 0,
    observe: observe && observer(({ type }) => observe(type)),
  });
}

test("createTransport() sends and reads over the fetch of a browser", async () => {
  const { data, attempts } = await transport.call({
    method: "POST",
    path: "/echo",
    query: { a: "ü&" },
    headers: { "x-team": "blue" },
    json: { text: "größe 日本語 😀" },
    contract: "never",
    decode: (body) => body,
  });
  assert.equal(attempts, 1);
  assert.deepEqual(data, {
    method: "POST",
    url: "/api/echo?a=%C3%BC%26",
    team: "blue",
    type: "application/json",
    body: '{"text":"größe 日本語 😀"}',
  });
});

test("createTransport() tries again when a server is busy, and when it breaks the connection", async () => {
  const { data, attempts } = await transport.call(get("/flaky"));
  assert.equal(data, "in the end");
  // A browser may repeat a request by itself where the connection broke.
  assert.ok(attempts >= 2 && attempts <= 3, String(attempts));
});

test("createTransport() fails with what it is when a server refuses, redirects, is not there or too slow", async () => {
  await assert.rejects(
    transport.call(get("/status/404")),
    (error) => HttpError.is(error) && error.status === 404,
  );
  await assert.rejects(
    transport.call(get("/redirect")),
    (error) => HttpError.is(error) && /redirects/.test(error.hint ?? ""),
  );
  await assert.rejects(
    createTransport({ baseUrl: "http://127.0.0.1:9", retry: false }).call(
      get("/"),
    ),
    NetworkError,
  );
  await assert.rejects(
    transport.call(get("/silent"), { connectTimeoutMs: 50, retry: false }),
    (error) => TimeoutError.is(error) && error.budget === "connect",
  );
});

test("createTransport() lets go of the connection when the caller aborts", async () => {
  const controller = new AbortController();
  const call = transport.call(get("/held"), { signal: controller.signal });
  await until("/holding", 1);
  controller.abort(new Error("no longer needed"));
  await assert.rejects(
    call,
    (error) =>
      AbortedError.is(error) &&
      (error.cause as Error).message === "no longer needed",
  );
  await until("/holding", 0);
});

test("createEventStream() delivers everything once when a real server breaks the connection in the middle of frames", async () => {
  const seen: number[] = [];
  const steps: string[] = [];
  for await (
    const item of numbers("/numbers", (type) => steps.push(type))
  ) seen.push(item);
  assert.deepEqual(seen, Array.from({ length: 50 }, (_, n) => n));
  assert.ok(steps.filter((step) => step === "stream-reconnect").length >= 3);
  assert.equal(steps.at(-1), "stream-close");
});

test("createEventStream() gives the connection back when the loop is left", async () => {
  for await (const item of numbers("/endless")) {
    await until("/holding", 1);
    if (item === 2) break;
  }
  await until("/holding", 0);
});

test("createPages() goes through a list of a real server", async () => {
  const list = createPages<number, number>(async (page = 0, signal) => {
    const { data } = await transport.call(get(`/pages/${page}`), { signal });
    return data as { items: number[]; next: number | undefined };
  });
  assert.deepEqual(await list.toArray(), [0, 1, 2, 3, 4, 5]);
});

test("signHmac() agrees with every vector in a browser", async () => {
  for (const { secretHex, canonicalString, signature } of requestVectors) {
    const secret = parseSecret({ hex: secretHex });
    assert.equal(toHex(await signHmac(secret, canonicalString)), signature);
    assert.ok(await verifyHmac(secret, canonicalString, parseHex(signature)));
  }
  for (const { secretText, body, headerValue } of bodyVectors) {
    const secret = parseSecret({ text: secretText });
    const given = headerValue.replace(/^sha256=/, "");
    assert.ok(await verifyHmac(secret, body, parseHex(given)));
    assert.ok(!await verifyHmac(secret, `${body} `, parseHex(given)));
  }
});

test("refuseSecretInBrowser() refuses in a browser, unless it is told otherwise", () => {
  assert.throws(
    () => refuseSecretInBrowser("apiKey", undefined),
    InvalidArgumentError,
  );
  refuseSecretInBrowser("apiKey", true);
});

test("createScriptedServer() says that there are no sockets when it runs in a browser", async () => {
  await assert.rejects(createScriptedServer({}), {
    code: "unsupported-runtime",
  });
});
