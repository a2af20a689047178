import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { definitionOf, gate, noop, Wire } from "../support/wire.ts";
import type { Answer } from "../support/wire.ts";

const echo = {
  typeId: "local.test.echo",
  run: () => ({ said: "echo" }),
};
const at = "/host/tutti/workflows";
const echoing = definitionOf("echoing", [{
  id: "echo",
  typeId: "local.test.echo",
}]);

for (const where of ["in memory", "on SQLite"]) {
  test(`what a tenant put on a host is its own, by whatever id, ${where}`, async () => {
    if (where === "on SQLite" && !hasSqlite()) {
      return assert.equal(hasSqlite(), false);
    }
    const file = where === "on SQLite" ? new StoreFile() : undefined;
    const host = createHost({
      workflows: [noop],
      store: file?.open() ?? memoryStore(),
      registration: { nodes: [echo] },
      access: (request) => ({
        tenant: request.headers.get("x-tenant") ?? "acme",
        subject: "ada",
      }),
    });
    const wire = new Wire(host);
    const beta = { "x-tenant": "beta" };
    try {
      const path = `${at}/echoing`;
      assert.equal((await wire.send("PUT", path, echoing)).status, 201);
      const parent = definitionOf("parent", [{
        id: "child",
        typeId: "core.subWorkflow",
        config: { workflowId: "echoing", waitForCompletion: true },
      }]);
      for (const headers of [{}, beta]) {
        const put = await wire.send("PUT", `${at}/parent`, parent, headers);
        assert.equal(put.status, 201);
      }
      const start = (workflowId: string) =>
        wire.post("/runs", { workflowId }, beta);
      const ended = async (runId: string): Promise<Answer["body"]> => {
        const run = `/runs/${encodeURIComponent(runId)}`;
        await wire.frames(run, "streamMode=debug", beta);
        return (await wire.get(run, beta)).body;
      };
      // To another it is not there: not to read, not to run, not as a child, not to remove.
      assert.equal((await wire.get("/workflows/echoing", beta)).status, 404);
      assert.equal((await start("echoing")).status, 404);
      const orphan = await ended((await start("parent")).body.runId);
      assert.equal(orphan.error.code, "unknown_child_workflow");
      const removed = await wire.send("DELETE", path, undefined, beta);
      assert.equal(removed.status, 404);
      // Its own of the same id is another.
      const silent = definitionOf("echoing", [
        { id: "nothing", typeId: "core.noop" },
      ]);
      assert.equal((await wire.send("PUT", path, silent, beta)).status, 201);
      for (const [headers, definition] of [[{}, echoing], [beta, silent]]) {
        const { body } = await wire.get(
          "/workflows/echoing",
          headers as Record<string, string>,
        );
        assert.deepEqual(body, definition);
      }
      const own = await ended((await start("echoing")).body.runId);
      assert.deepEqual(Object.keys(own.nodeStates), ["nothing"]);
      const child = await ended((await start("parent")).body.runId);
      assert.equal(child.status, "completed");
      assert.equal(
        (await wire.send("DELETE", path, undefined, beta)).status,
        204,
      );
      assert.deepEqual((await wire.get("/workflows/echoing")).body, echoing);
      // Those of the program are for all.
      assert.equal((await start("conformance-noop")).status, 201);
    } finally {
      await host.close();
      file?.delete();
    }
  });

  test(`a keyed request for a workflow or a webhook is executed once, also when it was cut off, ${where}`, async () => {
    if (where === "on SQLite" && !hasSqlite()) {
      return assert.equal(hasSqlite(), false);
    }
    const file = where === "on SQLite" ? new StoreFile() : undefined;
    const memory = memoryStore();
    const open = (): Store => file?.open() ?? memory;
    const put = ["PUT", `${at}/gated`, gate().definition] as const;
    const remove = ["DELETE", `${at}/gated`, undefined] as const;
    const options = { workflows: [], registration: {}, onError: () => {} };
    try {
      for (const isCutOff of [false, true]) {
        for (const [n, request] of [put, remove, "hook"].entries()) {
          const first = open();
          const never = new Promise<never>(() => {});
          let died = (): void => {};
          const death = new Promise<void>((resolve) => died = resolve);
          const one = createHost({
            ...options,
            store: new Proxy(first, {
              get(target, name) {
                const value = Reflect.get(target, name);
                if (typeof value !== "function") return value;
                if (!isCutOff || name !== "settleKey") {
                  return value.bind(target);
                }
                return () => (died(), never);
              },
            }),
          });
          const wire = new Wire(one);
          const key = (isCutOff ? "x" : "y").repeat(21) + n;
          const headers = { "idempotency-key": key };
          let what: Parameters<Wire["send"]>;
          if (request === "hook") {
            const { body } = await wire.post("/webhooks", {
              url: "https://hooks.example.com/",
              events: ["run.completed"],
            });
            const id = encodeURIComponent(body.webhookId);
            what = ["DELETE", `/webhooks/${id}`, undefined, headers];
          } else what = [request[0], request[1], request[2], headers];
          const wanted = request === put ? 201 : 204;
          const asked = wire.send(...what).catch(() => {});
          if (isCutOff) {
            await death;
            await first.release();
          } else {
            await asked;
            await one.close();
          }
          const two = createHost({ ...options, store: open() });
          const other = new Wire(two);
          const again = await other.send(...what);
          assert.equal(again.status, wanted, `${what[0]} ${isCutOff}`);
          const replayed = again.headers.get("openwop-idempotent-replay");
          assert.equal(replayed, isCutOff ? null : "true");
          const third = await other.send(...what);
          assert.equal(third.status, wanted);
          assert.equal(third.headers.get("openwop-idempotent-replay"), "true");
          assert.deepEqual(third.body, again.body);
          await two.close();
        }
      }
    } finally {
      file?.delete();
    }
  });
}
