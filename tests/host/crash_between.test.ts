import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import type { JsonObject, RunnableWorkflow } from "@tutti/sdk/openwop";
import { found, until } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { gate, type ShortNode, Wire, workflowOf } from "../support/wire.ts";

/** What a store was asked, and what it answered. */
type Moment = (
  name: string,
  given: readonly unknown[],
  end: unknown,
) => boolean;

/** A process on a file, which dies when it is told to, or right after a moment. */
interface Process {
  readonly wire: Wire;
  readonly errors: unknown[];
  /** It dies as soon as this is over, before anybody in it hears of that. */
  dieAfter(moment: Moment): void;
  readonly isDead: () => boolean;
  kill(): void;
  close(): Promise<void>;
}

function processOn(
  file: StoreFile,
  workflows: readonly RunnableWorkflow[],
): Process {
  let isDead = false;
  let last: Moment = () => false;
  const never = new Promise<never>(() => {});
  const store = new Proxy<Store>(file.open(() => !isDead), {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name === "watch") return value.bind(target);
      return async (...given: unknown[]) => {
        if (isDead) return await never;
        const end = await value.apply(target, given);
        isDead ||= last(String(name), given, end);
        return isDead ? await never : end;
      };
    },
  });
  const errors: unknown[] = [];
  const host = createHost({
    workflows,
    store,
    onError: (error) => errors.push(error),
  });
  return {
    wire: new Wire(host),
    errors,
    dieAfter: (moment) => last = moment,
    isDead: () => isDead,
    kill: () => isDead = true,
    close: () => isDead ? Promise.resolve() : host.close(),
  };
}

/** A run that waits for a child which waits for a person, and for a person of its own. */
function family(config: JsonObject = {}): readonly RunnableWorkflow[] {
  const call: ShortNode = {
    id: "call",
    typeId: "core.subWorkflow",
    config: { workflowId: "gated", ...config },
  };
  const own = ["mine", "other"].map((id) => ({
    id,
    typeId: "core.approvalGate",
    config: { title: "Go?" },
  }));
  return [workflowOf("family", [call, ...own]), gate()];
}

/** After `append` of an event of this type to this run was kept. */
function kept(run: string, type: string): Moment {
  const id = decodeURIComponent(run.slice("/runs/".length));
  return (name, [runId, , events], end) =>
    name === "append" && runId === id && end === "kept" &&
    (events as { type: string }[]).some((event) => event.type === type);
}

/** The child run that the log of a parent names, as soon as it does. */
async function childOf(wire: Wire, run: string): Promise<string> {
  const { payload } = await found(
    async () =>
      (await wire.soFar(run)).find(({ type }) => type === "node.dispatched"),
    () => "no child was dispatched",
  );
  return `/runs/${encodeURIComponent(payload.childRunId)}`;
}

/** A parent that one living process holds, and a child that another one holds. */
async function apart(
  file: StoreFile,
  config: JsonObject,
  use: (
    parents: Process,
    childs: Process,
    parent: string,
    child: string,
  ) => Promise<void>,
): Promise<void> {
  const workflows = family(config);
  const first = processOn(file, workflows);
  const parents = processOn(file, workflows);
  const childs = processOn(file, workflows);
  try {
    const parent = await first.wire.start("family");
    await first.wire.reach(parent, "waiting-approval");
    const child = await childOf(first.wire, parent);
    await first.wire.reach(child, "waiting-approval");
    first.kill();
    file.outlive();
    // Who touches a run that nobody alive holds takes it, and that one alone.
    await parents.wire.accept(parent, "mine");
    await childs.wire.post(`${child}:pause`, {});
    await childs.wire.post(`${child}:resume`, {});
    await childs.wire.reach(child, "waiting-approval");
    await use(parents, childs, parent, child);
    assert.deepEqual([...parents.errors, ...childs.errors], []);
  } finally {
    await parents.close();
    await childs.close();
  }
}

/** Runs a test on a file; on a runtime without SQLite there is only one process. */
async function onFile(use: (file: StoreFile) => Promise<void>): Promise<void> {
  if (!hasSqlite()) return assert.equal(memoryStore().isShared, false);
  const file = new StoreFile();
  try {
    await use(file);
  } finally {
    file.delete();
  }
}

test("a parent hears of the end of its child when the process of the child dies before it tells", async () => {
  for (const action of ["accept", "reject"]) {
    await onFile((file) =>
      apart(file, {}, async (parents, childs, parent, child) => {
        await parents.wire.accept(parent, "other");
        const event = action === "accept" ? "run.completed" : "run.failed";
        childs.dieAfter(kept(child, event));
        childs.wire.post(`${child}/interrupts/gate`, {
          resumeValue: { action },
        });
        await until(() => childs.isDead());
        // The leases of the dead one are not over.
        file.poll();
        const { nodeStates } = await parents.wire.reach(
          parent,
          action === "accept" ? "completed" : "failed",
        );
        assert.equal(
          nodeStates.call.status,
          action === "accept" ? "completed" : "failed",
        );
      })
    );
  }
});

for (const waitForCompletion of [true, false]) {
  test(
    `the cancel of a parent reaches a ${
      waitForCompletion ? "" : "detached "
    }child of another process when its own dies before it passes it on`,
    async () => {
      await onFile((file) =>
        apart(
          file,
          { waitForCompletion },
          async (parents, childs, parent, child) => {
            parents.dieAfter(kept(parent, "run.cancelled"));
            parents.wire.post(`${parent}/cancel`, {});
            await until(() => parents.isDead());
            file.poll();
            const { runId } = (await childs.wire.get(parent)).body;
            await childs.wire.reach(child, "cancelled");
            const last = (await childs.wire.log(child)).at(-1);
            assert.equal(last.payload.parentRunId, runId);
          },
        )
      );
    },
  );
}

test("a child that is kept out of the cancel of its parent lives on, whoever dies", async () => {
  await onFile((file) =>
    apart(
      file,
      { propagateCancellation: false },
      async (parents, childs, parent, child) => {
        parents.dieAfter(kept(parent, "run.cancelled"));
        parents.wire.post(`${parent}/cancel`, {});
        await until(() => parents.isDead());
        file.poll();
        await childs.wire.accept(child);
        await childs.wire.reach(child, "completed");
      },
    )
  );
});

test("a cancel through one process stops the step that another one runs", async () => {
  await onFile(async (file) => {
    let stopped = 0;
    const typeId = "local.test.endless";
    const endless = {
      typeId,
      run: (_: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise<JsonObject>((_, reject) => {
          signal.addEventListener("abort", () => {
            stopped++;
            reject(signal.reason);
          });
        }),
    };
    const [, inner] = family();
    const [outer] = family();
    const workflows = [
      {
        definition: {
          ...outer!.definition,
          nodes: [
            ...outer!.definition.nodes,
            { ...outer!.definition.nodes[0]!, id: "step", typeId, config: {} },
          ],
        },
        nodes: [endless],
      },
      inner!,
    ];
    const one = processOn(file, workflows);
    const two = processOn(file, workflows);
    const run = await one.wire.start("family");
    await one.wire.reach(run, "running");
    await childOf(one.wire, run);
    assert.equal((await two.wire.post(`${run}/cancel`, {})).status, 200);
    assert.equal(stopped, 0);
    file.poll();
    await until(() => stopped === 1);
    const { nodeStates } = (await one.wire.get(run)).body;
    assert.equal(nodeStates.step.status, "cancelled");
    await one.close();
    await two.close();
    assert.deepEqual([...one.errors, ...two.errors], []);
  });
});

test("a bulk cancel whose process dies in the middle is finished by its repeat at another one", async () => {
  await onFile(async (file) => {
    const workflows = family();
    const one = processOn(file, workflows);
    const two = processOn(file, workflows);
    const runs: string[] = [];
    for (let n = 0; n < 4; n++) {
      runs.push(await two.wire.start("gated"));
      await two.wire.reach(runs[n]!, "waiting-approval");
    }
    const runIds = runs.map((run) => decodeURIComponent(run.slice(6)));
    const headers = { "idempotency-key": "b".repeat(22) };
    one.dieAfter(kept(runs[1]!, "run.cancelled"));
    one.wire.post("/runs:bulk-cancel", { runIds }, headers);
    await until(() => one.isDead());
    file.outlive();
    file.poll();
    const again = await two.wire.post(
      "/runs:bulk-cancel",
      { runIds },
      headers,
    );
    assert.deepEqual(
      again.body.results,
      runIds.map((runId) => ({ runId, ok: true, status: "cancelled" })),
    );
    for (const run of runs) {
      const log = await two.wire.log(run);
      const ends = log.filter(({ type }) => type === "run.cancelled");
      assert.equal(ends.length, 1);
    }
    const repeat = await two.wire.post(
      "/runs:bulk-cancel",
      { runIds },
      headers,
    );
    assert.equal(repeat.headers.get("openwop-idempotent-replay"), "true");
    await two.close();
    assert.deepEqual(two.errors, []);
  });
});
