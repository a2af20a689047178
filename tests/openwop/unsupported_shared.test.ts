import assert from "node:assert/strict";
import test from "node:test";
import { OpenwopError, UnsupportedError } from "@tutti/sdk/openwop";
import { silent } from "../support/scripted_fetch.ts";
import { refusal, reply, wopBench } from "../support/wop_server.ts";
import type { Recorded } from "../support/scripted_fetch.ts";

const root = { protocolVersions: ["2.0"], preferredVersion: "2.0" };

test("two calls that fail at once ask discovery once, and both know", async () => {
  const { client, server, clock } = wopBench();
  const answer = ({ path }: Recorded): Response =>
    path === "/.well-known/openwop" ? reply(root) : refusal(404, "not_found");
  server.first.push(...Array.from({ length: 9 }, () => answer));
  const errors = await clock.run(Promise.all([
    client.tools.list().catch((error: unknown) => error),
    client.agents.list().catch((error: unknown) => error),
  ]));
  assert.deepEqual(
    errors.map((error) => UnsupportedError.is(error) && error.capability),
    ["toolCatalog", "agents.manifestRuntime"],
  );
  assert.equal(server.to("/.well-known/openwop").length, 1);
});

test("one who leaves while discovery is asked takes nobody along", async () => {
  const { client, server, clock } = wopBench();
  const leave = new AbortController();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => release = resolve);
  const fetch = async (request: Recorded): Promise<Response> => {
    if (request.path !== "/.well-known/openwop") {
      return refusal(404, "not_found");
    }
    leave.abort();
    await Promise.race([held, silent(request)]);
    return reply(root);
  };
  server.first.push(
    ...Array.from({ length: 9 }, () => fetch as never),
  );
  const gone = client.tools.list(undefined, { signal: leave.signal })
    .catch((error: unknown) => error);
  const stays = client.agents.list().catch((error: unknown) => error);
  // Nobody has told it about discovery: the 404 is all that it knows.
  const left = await gone;
  assert.ok(OpenwopError.is(left));
  assert.equal(left.status, 404);
  release();
  assert.ok(UnsupportedError.is(await stays));
  assert.equal(clock.pending, 0);
});

test("the judgement of a 404 keeps to the budget of its call", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(
    () => refusal(404, "not_found"),
    // It never answers.
    silent as never,
  );
  const begun = clock.now();
  const error = await clock.run(
    client.tools.list(undefined, { timeoutMs: 2_000 })
      .catch((error: unknown) => error),
  );
  assert.ok(OpenwopError.is(error));
  assert.equal(clock.now() - begun, 2_000);
  assert.equal(clock.pending, 0);
});
