import assert from "node:assert/strict";
import test from "node:test";
import {
  brokenReply,
  createBody,
  createScriptedFetch,
  eventReply,
  jsonReply,
  settle,
  silentReply,
  textReply,
  toEventText,
} from "@tutti/sdk/testing";

const url = "https://api.test";

test("createScriptedFetch() answers in order and remembers what it was asked", async () => {
  const server = createScriptedFetch({
    replies: [jsonReply({ n: 1 }), textReply("two", { status: 202 })],
    otherwise: jsonReply("more"),
  });
  assert.equal(server.left, 2);
  assert.deepEqual(await (await server.fetch(`${url}/a?x=1`)).json(), { n: 1 });
  const second = await server.fetch(
    new Request(`${url}/b`, { method: "POST", body: "hi" }),
  );
  assert.equal(second.status, 202);
  assert.equal(await second.text(), "two");
  assert.equal(await (await server.fetch(new URL(url))).json(), "more");
  assert.deepEqual(
    server.requests.map(({ method, path, text }) => [method, path, text]),
    [["GET", "/a?x=1", ""], ["POST", "/b", "hi"], ["GET", "/", ""]],
  );
  server.assertDone();
});

test("createScriptedFetch() finds the route by method and path", async () => {
  const server = createScriptedFetch({
    routes: {
      "GET /tasks/*": jsonReply("any task"),
      "GET /tasks/*/notes": jsonReply("notes"),
      "GET /tasks?status=*": jsonReply("by status"),
      "GET /tasks": jsonReply("all"),
      "POST /tasks": [jsonReply("first"), jsonReply("second")],
      "GET /a.b": jsonReply("dot"),
    },
    replies: [jsonReply("next")],
    otherwise: jsonReply("otherwise"),
  });
  const ask = async (path: string, method = "GET"): Promise<unknown> =>
    await (await server.fetch(url + path, { method })).json();
  assert.equal(await ask("/tasks/7"), "any task");
  assert.equal(await ask("/tasks/8?full=1"), "any task");
  assert.equal(await ask("/tasks/7/notes"), "notes");
  assert.equal(await ask("/tasks?status=open"), "by status");
  assert.equal(await ask("/tasks?limit=2"), "all");
  assert.equal(await ask("/a.b"), "dot");
  assert.equal(await ask("/tasks", "POST"), "first");
  assert.equal(server.left, 2);
  assert.equal(await ask("/tasks", "POST"), "second");
  assert.equal(await ask("/tasks", "POST"), "next");
  assert.equal(await ask("/axb"), "otherwise");
  server.assertDone();
});

test("assertDone() throws when a reply is left or a request was not expected", async () => {
  const idle = createScriptedFetch({ replies: [jsonReply(1)] });
  assert.throws(() => idle.assertDone(), /1 replies are left after 0 requests/);
  const empty = createScriptedFetch();
  await assert.rejects(empty.fetch(`${url}/x`), RangeError);
  assert.throws(() => empty.assertDone(), /nobody expected GET \/x/);
});

test("createScriptedFetch() rejects with the reason of the signal in any phase, like a real one", async () => {
  const why = new Error("enough");
  const before = createScriptedFetch({ otherwise: jsonReply(1) });
  await assert.rejects(
    before.fetch(url, { signal: AbortSignal.abort(why) }),
    why,
  );
  assert.equal(before.requests.length, 0);

  for (const reply of [silentReply, () => new Promise<Response>(() => {})]) {
    const controller = new AbortController();
    const server = createScriptedFetch({ otherwise: reply });
    const call = server.fetch(url, { signal: controller.signal });
    call.catch(() => {});
    await settle();
    controller.abort(why);
    await assert.rejects(call, why);
  }

  const controller = new AbortController();
  const body = createBody(["a"], "stay");
  const server = createScriptedFetch({
    otherwise: () => new Response(body.stream),
  });
  const response = await server.fetch(url, { signal: controller.signal });
  const reader = response.body!.getReader();
  await reader.read();
  // Response.text() hides in some browsers what its stream failed with.
  const more = reader.read();
  more.catch(() => {});
  await settle();
  controller.abort(why);
  await assert.rejects(more, why);
  assert.equal(body.cancelled, true);
});

test("createScriptedFetch() gives the body back when its answer comes too late", async () => {
  const body = createBody(["a"], "stay");
  let answer: (response: Response) => void = () => {};
  const controller = new AbortController();
  const server = createScriptedFetch({
    otherwise: () => new Promise((resolve) => answer = resolve),
  });
  const call = server.fetch(url, { signal: controller.signal });
  call.catch(() => {});
  await settle();
  controller.abort("gone");
  await assert.rejects(call);
  answer(new Response(body.stream));
  await settle();
  assert.equal(body.cancelled, true);
});

test("createScriptedFetch() breaks the connection when the reply throws", async () => {
  const server = createScriptedFetch({ otherwise: brokenReply });
  await assert.rejects(server.fetch(url), TypeError);
});

test("createBody() gives chunks when asked and ends as it is told", async () => {
  for (const end of ["close", "cut", "stay"] as const) {
    const body = createBody(["a", new Uint8Array([0x62])], end);
    assert.equal(body.taken, 0);
    const reader = body.stream.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), "a");
    assert.equal(body.taken, 1);
    await reader.read();
    const last = reader.read();
    last.catch(() => {});
    await settle();
    if (end === "close") assert.equal((await last).done, true);
    if (end === "cut") await assert.rejects(last, TypeError);
    await reader.cancel().catch(() => {});
    assert.equal(body.cancelled, end === "stay");
  }
});

test("toEventText() and eventReply() write events as servers do", async () => {
  assert.equal(toEventText({ data: "a\nb" }), "data: a\ndata: b\n\n");
  assert.equal(
    toEventText({ id: 0, event: "x", data: { a: 1 } }),
    'id: 0\nevent: x\ndata: {"a":1}\n\n',
  );
  const server = createScriptedFetch({
    otherwise: eventReply(["retry: 5\n\n", { data: 1 }], "close", {
      "x-a": "1",
    }),
  });
  const response = await server.fetch(url);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.equal(response.headers.get("x-a"), "1");
  assert.equal(await response.text(), "retry: 5\n\ndata: 1\n\n");
});
