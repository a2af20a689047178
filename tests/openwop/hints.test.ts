// What an error of a host tells somebody who sees no more of it than a line in a log.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient, OpenwopError } from "@tutti/sdk/openwop";

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
