import {
  bodyLimit,
  InvalidArgumentError,
  readBytes,
  readJsonObject,
} from "@tutti/sdk/http";
import assert from "node:assert/strict";
import test from "node:test";
import { countListeners } from "../support/scripted_fetch.ts";

const address = "https://receiver.example.com/hook";

function requestOf(
  body: ReadableStream<Uint8Array> | string | undefined,
  more: RequestInit = {},
): Request {
  return new Request(address, {
    method: "POST",
    ...(body === undefined ? {} : { body }),
    ...(typeof body === "object" ? { duplex: "half" } : {}),
    ...more,
  } as RequestInit);
}

test("readBytes() gives the bytes as they came, up to the limit and not one more", async () => {
  const bytes = new TextEncoder().encode("\ufeffß\0");
  const pieces = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
  assert.deepEqual(await readBytes(requestOf(pieces()), 100), bytes);
  assert.deepEqual(await readBytes(requestOf(pieces()), bytes.length), bytes);
  assert.equal(
    await readBytes(requestOf(pieces()), bytes.length - 1),
    undefined,
  );
  assert.deepEqual(await readBytes(requestOf(undefined), 0), new Uint8Array());
});

test("readBytes() takes no limit that is no number for none", async () => {
  assert.equal(await readBytes(requestOf("ok"), NaN), undefined);
});

test("readBytes() gives the connection back when the body is larger, without reading the rest", async () => {
  for (const length of [undefined, "1000000"]) {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1_000));
      },
      cancel() {
        cancelled = true;
      },
    });
    const request = requestOf(
      endless,
      length === undefined ? {} : { headers: { "content-length": length } },
    );
    assert.equal(await readBytes(request, 10_000), undefined);
    assert.ok(pulled < 20, String(pulled));
    assert.equal(cancelled, true);
  }
});

test("readBytes() reads nothing of a body that says that it is larger", async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(4));
      controller.close();
    },
  }, { highWaterMark: 0 });
  // Browsers let nobody make a request with this header; servers get it.
  const { signal } = new AbortController();
  const headers = new Headers({ "content-length": "101" });
  const request = { body, bodyUsed: false, headers, signal } as Request;
  assert.equal(await readBytes(request, 100), undefined);
  assert.equal(pulled, 0);
});

test("readBytes() leaves nothing on the signal of the request", async () => {
  for (const limit of [100, 1]) {
    const request = requestOf("two");
    const listeners = countListeners(request.signal);
    await readBytes(request, limit);
    assert.equal(listeners(), 0, String(limit));
  }
});

test("readBytes() refuses a request whose body somebody has read", async () => {
  const request = requestOf("ok");
  await request.text();
  await assert.rejects(
    readBytes(request, 10),
    (error) =>
      InvalidArgumentError.is(error) && error.path === "request" &&
      error.hint !== undefined,
  );
});

test("readBytes() ends with what the body breaks with, and with the reason of the request's signal", async () => {
  const reset = new Error("reset");
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(reset),
  });
  await assert.rejects(readBytes(requestOf(broken), 10), reset);

  let isWaiting = (): void => {};
  const waits = new Promise<void>((resolve) => isWaiting = resolve);
  const silent = new ReadableStream<Uint8Array>({
    pull: () => isWaiting(),
  }, { highWaterMark: 0 });
  const gone = new AbortController();
  const reading = assert.rejects(
    readBytes(requestOf(silent, { signal: gone.signal }), 10),
    /the sender went away/,
  );
  await waits;
  gone.abort(new Error("the sender went away"));
  await reading;
});

test("readJsonObject() takes an object in UTF-8 and nothing else", () => {
  const read = (text: string) => readJsonObject(new TextEncoder().encode(text));
  assert.deepEqual(read('{"a":"é","__proto__":{"b":1}}'), { a: "é" });
  for (const text of ["[]", "null", "1", "{", ""]) {
    assert.equal(read(text), undefined);
  }
  const broken = [...'{"\u00ff":1}'].map((char) => char.charCodeAt(0));
  assert.equal(readJsonObject(Uint8Array.from(broken)), undefined);
});

test("bodyLimit() is 1 MiB when nobody says how much, and refuses what is none", () => {
  assert.equal(bodyLimit({}), 1_048_576);
  assert.equal(bodyLimit({ maxBodyBytes: 5 }), 5);
  for (const maxBodyBytes of [0, -1, NaN]) {
    assert.throws(() => bodyLimit({ maxBodyBytes }), { path: "maxBodyBytes" });
  }
});

test("readBytes() reads a request that shows no stream, as in Firefox", async () => {
  const hidden = (): Request =>
    Object.defineProperty(requestOf("four"), "body", { value: undefined });
  assert.deepEqual(
    await readBytes(hidden(), 4),
    new TextEncoder().encode("four"),
  );
  assert.equal(await readBytes(hidden(), 3), undefined);
});
