// Teaches: a decision that two of three people must make, each in a name of their own.
import { type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

export const release = workflow("release", { version: "1.0.0" })
  .input(type<{ version: string }>({ version: "string" }))
  .approval("board", ({ input }) => ({
    title: "Release it?",
    data: { version: input.version },
  }), {
    quorum: 2,
    approvers: ["ann", "bob", "cem"],
    rejection: "majority",
    timeout: "7d",
  })
  .branch(({ board }) => board.action, {
    accept: (w) => w,
    reject: (w) => w,
  })
  .output(({ board }) => ({ decision: board.action, last: board.decidedBy }))
  .build();

const host = createHost({
  workflows: [release],
  // On a server, this comes from the credential of the request.
  subject: (request) => request.headers.get("x-person") ?? "nobody",
});
const as = (person: string) =>
  new OpenwopClient({
    baseUrl: host.url,
    fetch: host.fetch,
    headers: { "x-person": person },
  });

const run = await release.start(as("ann"), { version: "2.0" });
const vote = (person: string) =>
  as(person).runs.handle(run.id).interrupt("board");

await vote("ann").accept();
await vote("ann").accept({ comment: "I said it twice, and it counts once" });
assert.equal(await run.status(), "waiting-approval");
await assert.rejects(vote("mallory").accept(), { status: 403 });
await vote("cem").accept();
const { output } = await run.result();
assert.deepEqual(output, { decision: "accept", last: "cem" });
console.log(`The board said ${output.decision}: Ann, and then ${output.last}`);
await host.close();
