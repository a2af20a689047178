import assert from "node:assert/strict";
import test from "node:test";
import { RoundTableClient } from "@tutti/sdk/roundtable";
import { quickStart } from "../../../examples/roundtable_quick_start/quick_start.ts";
import { standIn } from "../../../examples/roundtable_quick_start/stand_in.ts";
import { ADA } from "../../support/roundtable.ts";
import { servingRoundTable } from "../../support/roundtable_serving.ts";

test("quickStart() says on a server what it says on its stand-in", async () => {
  const onStandIn: string[] = [];
  await quickStart(
    new RoundTableClient({
      baseUrl: "http://localhost:8000/api/v1",
      ...ADA,
      fetch: standIn(),
    }),
    (line) => onStandIn.push(line),
  );
  await servingRoundTable(async ({ server, baseUrl }) => {
    await new RoundTableClient({ baseUrl }).auth.register(ADA);
    const onServer: string[] = [];
    await quickStart(
      new RoundTableClient({ baseUrl, ...ADA }),
      (line) => onServer.push(line),
    );
    assert.equal(server.workspaces.size, 0);
    assert.equal(server.sandboxes.size, 0);
    assert.deepEqual(onServer, onStandIn);
  }, { now: () => Date.UTC(2026, 0, 11, 10) });
  assert.deepEqual(onStandIn, [
    "Round Table 0.1.0 answers",
    "workspace: 5 sandboxes, 7 days",
    "researcher is running",
    "writer is running",
    "writer uses 0 MB",
    "request of 2026: Summarise the findings",
    "broadcast to 2",
    "collaboration running, 10 percent",
    "2 sandboxes, 1 message",
    "all gone",
  ]);
});
