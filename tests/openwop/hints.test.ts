// What an error of a host tells somebody who sees no more of it than a line in a log.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineNode, type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import {
  OpenwopClient,
  OpenwopError,
  RunFailedError,
} from "@tutti/sdk/openwop";

const greet = workflow("greet", { version: "1.0.0" })
  .input(type<{ name: string }>({ name: "string" }))
  .approval("gate", () => ({ title: "Go on?" }))
  .build();

async function refusal(call: Promise<unknown>): Promise<OpenwopError> {
  try {
    await call;
  } catch (error) {
    assert.ok(OpenwopError.is(error));
    return error;
  }
  return assert.fail("it was not refused");
}

for (const majors of [[2], [1, 2]] as const) {
  test(`start() says what is to be done about a workflow that the host lacks, when client and host prefer version ${majors[0]}`, async () => {
    const host = createHost({ workflows: [], majors });
    const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
    const error = await refusal(greet.start(client, { name: "Ada" }));
    assert.equal(error.status, 404);
    assert.match(error.hint ?? "", /lacks this workflow: deploy\(\) it/);
    const missing = await refusal(client.runs.get("local/0123456789abcdef"));
    assert.doesNotMatch(missing.hint ?? "", /workflow/);
    await host.close();
  });
}

test("an error names what of a request was refused when the host points at it", async () => {
  const host = createHost({ workflows: [greet] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const error = await refusal(
    client.runs.start({ workflowId: "greet", inputs: { name: 7 } }),
  );
  assert.equal(
    error.hint,
    "/inputs/name is refused: `platformMessage` says more",
  );
  await host.close();
});

test("an error repeats no pointer when that is no plain one", async () => {
  for (
    const pointer of ["", "/a b", `/${"a".repeat(300)}`, "/tok=\u001b[31m", 7]
  ) {
    const client = new OpenwopClient({
      baseUrl: "https://wop.test",
      major: 2,
      fetch: () =>
        Response.json({
          error: "validation_error",
          message: "no",
          details: { pointer },
        }, { status: 400, headers: { "openwop-version": "2.0" } }),
    });
    const error = await refusal(client.runs.start({ workflowId: "greet" }));
    assert.equal(error.hint, "`platformMessage` says more");
  }
});

test("result() says where the stack of a step went when one throws", async () => {
  const fault = new Error("no ink");
  const print = defineNode({
    typeId: "local.hints.print",
    input: type<object>(),
    output: type<{ pages: number }>(),
    run: (): { pages: number } => {
      throw fault;
    },
  });
  const book = workflow("book", { version: "1.0.0" }).input()
    .step("print", print, () => ({})).build();
  const told: unknown[] = [];
  const host = createHost({
    workflows: [book],
    onError: (error, { nodeId }) => told.push(error, nodeId),
  });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const run = await book.start(client, {});
  await assert.rejects(run.result(), (error) => {
    assert.ok(RunFailedError.is(error));
    assert.equal(error.runError.message, "no ink");
    assert.match(error.hint ?? "", /runError says why.*`onError`/);
    return true;
  });
  assert.deepEqual(told, [fault, "print"]);
  await host.close();
});
