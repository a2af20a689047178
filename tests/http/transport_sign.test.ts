import assert from "node:assert/strict";
import test from "node:test";
import { broken, json } from "../support/scripted_fetch.ts";
import { bench, write } from "../support/transport.ts";

test("call() sends what sign() gives, when that is another request than it was given", async () => {
  const { transport, clock, server } = bench([broken, json(1)], {
    sign: (request, { attempt }) => ({
      method: "PUT",
      url: `${request.url}?signed=${attempt}`,
      headers: new Headers({ "x-signature": `s${attempt}` }),
      body: `${request.body} signed`,
    }),
  });
  await clock.run(transport.call(write("safe")));
  assert.deepEqual(
    server.requests.map(({ method, path, headers, text }) => [
      method,
      path,
      headers.get("x-signature"),
      text,
    ]),
    [1, 2].map((attempt) => [
      "PUT",
      `/base/things?signed=${attempt}`,
      `s${attempt}`,
      '{"a":1} signed',
    ]),
  );
});
