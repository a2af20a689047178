import assert from "node:assert/strict";
import test from "node:test";
import fc from "../support/properties.ts";
import {
  brokenReply,
  createBody,
  createRecorder,
  createScriptedFetch,
  createScriptedServer,
  eventReply,
  jsonReply,
  settle,
  silentReply,
  textReply,
  toRoutes,
} from "@tutti/sdk/testing";
import type { ScriptedReply, Tape } from "@tutti/sdk/testing";

const url = "https://api.test";

/** The tape after a trip through a file. */
function saved(tape: Tape): Tape {
  return JSON.parse(JSON.stringify(tape));
}

function recorderOf(...replies: ScriptedReply[]) {
  return createRecorder({ fetch: createScriptedFetch({ replies }).fetch });
}

test("a tape plays what was recorded, in order, path by path", async () => {
  const recorder = recorderOf(
    jsonReply({ n: 1 }),
    jsonReply({ n: 2 }, { status: 404 }),
    textReply(null, { status: 204 }),
    eventReply([": hi\n\n", { id: 0, data: "größe" }]),
    () => new Response(new Uint8Array([0xff, 0, 0xfe])),
  );
  const ask = async (
    fetch: typeof recorder.fetch,
    path: string,
    init?: RequestInit,
  ): Promise<unknown> => {
    const response = await fetch(url + path, init);
    return [
      response.status,
      response.headers.get("content-type"),
      [...new Uint8Array(await response.arrayBuffer())],
    ];
  };
  const paths = ["/a", "/b?x=1", "/a", "/events", "/bytes"];
  const recorded: unknown[] = [];
  for (const path of paths) recorded.push(await ask(recorder.fetch, path));
  const played = createScriptedFetch({
    routes: toRoutes(saved(recorder.tape)),
  });
  for (const [index, path] of paths.entries()) {
    assert.deepEqual(await ask(played.fetch, path), recorded[index]);
  }
  played.assertDone();
  await assert.rejects(played.fetch(`${url}/a`), RangeError);
});

test("a tape plays connections that broke, and answers whose reader left", async () => {
  const recorder = recorderOf(
    brokenReply,
    eventReply([{ data: 1 }], "cut"),
    eventReply([{ data: 1 }, { data: 2 }], "stay"),
    silentReply,
  );
  await assert.rejects(recorder.fetch(`${url}/broken`));
  await assert.rejects((await recorder.fetch(`${url}/cut`)).text());
  const left = (await recorder.fetch(`${url}/left`)).body!.getReader();
  await left.read();
  await left.cancel();
  await assertSilent(recorder.fetch);
  const { exchanges } = recorder.tape;
  assert.deepEqual(exchanges.map(({ end }) => end), [
    "cut",
    "cut",
    "stay",
    "stay",
  ]);
  const played = createScriptedFetch({
    routes: toRoutes(saved(recorder.tape)),
  });
  await assert.rejects(played.fetch(`${url}/broken`), TypeError);
  await assert.rejects((await played.fetch(`${url}/cut`)).text(), TypeError);
  const reader = (await played.fetch(`${url}/left`)).body!.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), "data: 1\n\n");
  await reader.cancel();
  await assertSilent(played.fetch);
});

async function assertSilent(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): Promise<void> {
  const controller = new AbortController();
  const call = fetch(`${url}/silent`, { signal: controller.signal });
  call.catch(() => {});
  await settle();
  controller.abort("enough");
  await assert.rejects(call, (reason) => reason === "enough");
}

test("createRecorder() lets requests and answers through unchanged", async () => {
  const server = createScriptedFetch({
    otherwise: jsonReply({ token: "t-12345678" }, { headers: { "x-a": "1" } }),
  });
  const recorder = createRecorder({ fetch: server.fetch });
  const response = await recorder.fetch(`${url}/p?sig=abcdefgh`, {
    method: "POST",
    headers: { authorization: "Bearer t-12345678" },
    body: '{"password":"hunter22"}',
  });
  assert.deepEqual(await response.json(), { token: "t-12345678" });
  assert.equal(response.headers.get("x-a"), "1");
  const [request] = server.requests;
  assert.equal(request?.text, '{"password":"hunter22"}');
  assert.equal(request?.path, "/p?sig=abcdefgh");
  assert.equal(request?.headers.get("authorization"), "Bearer t-12345678");
});

test("a tape holds no secret, wherever a secret can be", async () => {
  const canary = (place: string): string => `canary-${place}-0123456789`;
  const places: string[] = [];
  const at = (place: string): string => {
    places.push(canary(place));
    return canary(place);
  };
  const responseBody = {
    access_token: at("body"),
    nested: [{ clientSecret: at("nested") }],
    echo: `you sent ${canary("bearer")}`,
    nextPageToken: "page-2-of-the-list",
    maxTokens: 12,
    key: "gate:1",
  };
  const recorder = createRecorder({
    secrets: [at("named")],
    fetch: createScriptedFetch({
      replies: [
        jsonReply(responseBody, {
          headers: {
            "set-cookie": `sid=${at("cookie")}; HttpOnly`,
            "x-odd": at("odd"),
            "retry-after": "7",
          },
        }),
        eventReply([
          { data: { refreshToken: at("event") } },
          { data: `plain ${canary("named")} and ${canary("body")}` },
        ]),
        textReply("ok"),
      ],
    }).fetch,
  });
  const bearer = at("bearer");
  const query = at("query");
  await (await recorder.fetch(`${url}/a?api_key=${query}&limit=3`, {
    headers: { authorization: `Bearer ${bearer}`, "x-signature": at("sign") },
  })).text();
  await (await recorder.fetch(`${url}/runs/${canary("named")}/events`)).text();
  await (await recorder.fetch(`${url}/form`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `grant=x&client_secret=${at("form")}&note=${canary("form")}`,
  })).text();
  const text = JSON.stringify(recorder.tape);
  for (const secret of places) assert.ok(!text.includes(secret), secret);
  assert.ok(!text.includes("canary"));

  const [first, second, third] = recorder.tape.exchanges;
  assert.equal(first?.path, "/a?api_key=*&limit=3");
  assert.equal(first?.headers["retry-after"], "7");
  assert.equal(first?.headers["x-odd"], "*");
  assert.equal(first?.requestHeaders["authorization"], "*");
  assert.deepEqual(JSON.parse(first!.body!), {
    access_token: "*",
    nested: [{ clientSecret: "*" }],
    echo: "you sent *",
    nextPageToken: "page-2-of-the-list",
    maxTokens: 12,
    key: "gate:1",
  });
  assert.equal(second?.path, "/runs/*/events");
  assert.equal(
    second?.body,
    'data: {"refreshToken":"*"}\n\ndata: plain * and *\n\n',
  );
  assert.equal(third?.requestBody, "grant=x&client_secret=*&note=*");
});

test("a tape holds no secret that was learned from a query or from the header of an answer", async () => {
  const recorder = recorderOf(
    jsonReply({ echo: "canary-query-0123" }, {
      headers: { "x-session-token": "canary-header-0123" },
    }),
    textReply("hello canary-header-0123"),
  );
  await (await recorder.fetch(`${url}/a?token=canary-query-0123`)).text();
  await (await recorder.fetch(`${url}/b/canary-header-0123`)).text();
  const { exchanges } = saved(recorder.tape);
  assert.doesNotMatch(JSON.stringify(exchanges), /canary/);
  assert.equal(exchanges[0]?.body, '{"echo":"*"}');
  assert.equal(exchanges[1]?.path, "/b/*");
  assert.equal(exchanges[1]?.body, "hello *");
});

test("createRecorder() gives the connection back when the reader leaves", async () => {
  const body = createBody(["a"], "stay");
  const recorder = createRecorder({ fetch: () => new Response(body.stream) });
  const response = await recorder.fetch(url);
  await response.body?.cancel();
  assert.equal(body.cancelled, true);
});

test("keepHeaders keeps what the user knows to be harmless", async () => {
  const recorder = createRecorder({
    keepHeaders: ["X-Region"],
    fetch: () =>
      new Response("", { headers: { "x-region": "eu", "x-b": "1" } }),
  });
  await recorder.fetch(url);
  assert.deepEqual(recorder.tape.exchanges[0]?.headers["x-region"], "eu");
  assert.deepEqual(recorder.tape.exchanges[0]?.headers["x-b"], "*");
});

test("a tape plays over a socket, with faults", async () => {
  const recorder = recorderOf(jsonReply({ a: 1 }), jsonReply({ a: 2 }));
  for (const _ of [1, 2]) await (await recorder.fetch(`${url}/x`)).text();
  const server = await createScriptedServer({
    routes: toRoutes(saved(recorder.tape)),
    faults: [{ kind: "busy" }, undefined, { kind: "drop", afterBytes: 2 }],
  });
  try {
    const path = `${server.url}/x`;
    assert.equal((await fetch(path)).status, 503);
    assert.deepEqual(await (await fetch(path)).json(), { a: 1 });
    await assert.rejects(async () => await (await fetch(path)).text());
    server.assertDone();
  } finally {
    await server.close();
  }
});

test("a tape keeps the byte order mark of a text", async () => {
  const recorder = recorderOf(textReply("\ufeff{}"));
  await (await recorder.fetch(url)).text();
  assert.equal(saved(recorder.tape).exchanges[0]?.body, "\ufeff{}");
});

test("createRecorder() reads no answer before its reader does", async () => {
  const body = createBody(["a", "b"]);
  const recorder = createRecorder({ fetch: () => new Response(body.stream) });
  const response = await recorder.fetch(url);
  await settle();
  assert.equal(body.taken, 0);
  assert.equal(await response.text(), "ab");
});

test("a tape gives back any text as it was when there is no secret in it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), async (body) => {
      const bytes = new TextEncoder().encode(body);
      const recorder = createRecorder({ fetch: () => new Response(bytes) });
      await (await recorder.fetch(url)).text();
      const { fetch } = createScriptedFetch({
        routes: toRoutes(saved(recorder.tape)),
      });
      const played = await (await fetch(url)).arrayBuffer();
      assert.deepEqual(new Uint8Array(played), bytes);
    }),
    { numRuns: 100 },
  );
});
