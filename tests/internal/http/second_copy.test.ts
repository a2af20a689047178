import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as here from "../../../src/http/mod.ts";

type Module = typeof here;

/** Loads the module a second time, as a program does that installs it twice. */
async function withSecondCopy(
  use: (there: Module) => void | Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tutti-copy-"));
  try {
    cpSync(
      fileURLToPath(new URL("../../../src/http", import.meta.url)),
      join(folder, "http"),
      { recursive: true },
    );
    const url = pathToFileURL(join(folder, "http/mod.ts")).href;
    await use(await import(url) as Module);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("is() knows the errors of another copy, each for what it is, in both directions", async () => {
  await withSecondCopy((there) => {
    assert.notEqual(there.TuttiError, here.TuttiError);
    const make = (module: Module): readonly Error[] => [
      new module.TuttiError("x", "Cannot x: y"),
      new module.TimeoutError("GET /a", "idle", 5),
      new module.AbortedError("GET /a", "why"),
      new module.NetworkError("GET /a", undefined),
      new module.StreamInterruptedError("GET /a", "7"),
      new module.DecodeError("GET /a", "it is HTML"),
      new module.InvalidArgumentError("tags[3]", "it is empty"),
      new module.HttpError("GET /a", { status: 404, headers: new Headers() }),
    ];
    const kinds = (module: Module) =>
      [
        module.TimeoutError,
        module.AbortedError,
        module.NetworkError,
        module.StreamInterruptedError,
        module.DecodeError,
        module.InvalidArgumentError,
        module.HttpError,
      ] as const;
    for (const [ours, theirs] of [[here, there], [there, here]] as const) {
      for (const error of make(theirs)) {
        assert.equal(error instanceof ours.TuttiError, false);
        assert.ok(ours.TuttiError.is(error));
        assert.deepEqual(
          kinds(ours).map((kind) => kind.is(error)),
          kinds(theirs).map((kind) => kind.is(error)),
        );
      }
    }
  });
});

test("call() treats the error of another copy like its own when a fetch throws it", async () => {
  await withSecondCopy(async (there) => {
    const error = new there.TimeoutError("GET /a", "idle", 5);
    let calls = 0;
    const transport = here.createTransport({
      baseUrl: "https://api.test",
      retry: { retries: 2, initialDelayMs: 0 },
      fetch: () => {
        calls++;
        throw error;
      },
    });
    await assert.rejects(
      transport.call({
        method: "GET",
        path: "/",
        contract: "safe",
        decode: (body) => body,
      }),
      (thrown) => thrown === error,
    );
    assert.equal(calls, 3);
    assert.equal(error.attempts, 3);
  });
});
