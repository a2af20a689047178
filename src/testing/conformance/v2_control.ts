// Web standards only.
import { envelope, holds, oneOf, same } from "./expect.ts";
import { refused, status } from "./probe.ts";
import type { Probe } from "./probe.ts";
import type { Scenarios } from "./scenarios.ts";
import { NotChecked } from "./subject.ts";

/** What stops runs and lets them go on. Source: v2 §14.4, rows 9 to 11. */
export const v2Control: Scenarios = {
  "v2-run-cancel": {
    "a run that is over cannot be cancelled": async (probe) => {
      const { path } = await probe.settled();
      refused(await probe.post(`${path}/cancel`, {}), 409, "run_terminal");
      same((await probe.get(path)).body.status, "completed", "status after it");
    },
    "a run that is under way is cancelled in 5 s, and stays so": async (
      probe,
    ) => {
      const { path, runId } = await probe.start("conformance-cancellable", {
        inputs: { delayMs: 15_000 },
      });
      await probe.reach(path, ["running"]);
      const answer = await probe.post(`${path}/cancel`, {});
      status(answer, 200);
      same(answer.body.runId, runId, "runId");
      oneOf(answer.body.status, ["cancelling", "cancelled"], "status");
      await probe.reach(path, ["cancelled"]);
      const log = await probe.log(path);
      same(log.at(-1).type, "run.cancelled", "last event");
      await probe.wait(20_000);
      same(await probe.log(path), log, "the log when its delay is long over");
    },
  },
  "v2-run-bulk-cancel": {
    "more runs than the host takes at once are refused": async (probe) => {
      await probe.discovery();
      const runIds = Array.from(
        { length: 101 },
        (_, index) => `openwop-nobody/${String(index).padStart(16, "0")}`,
      );
      const answer = await bulkCancel(probe, runIds);
      refused(answer, 400, "validation_error");
      const { maxRunIds } = answer.body.details ?? {};
      holds(maxRunIds >= 1 && maxRunIds <= 100, "no details.maxRunIds");
    },
    "each of several runs has its own result, in order": async (probe) => {
      const own = (await probe.start()).runId;
      const other = (await probe.start()).runId;
      const foreign = `openwop-nobody/${"0".repeat(16)}`;
      const answer = await bulkCancel(probe, [own, foreign, other]);
      status(answer, 200);
      const { results } = answer.body;
      same(
        results.map(({ runId }: { runId: string }) => runId),
        [own, foreign, other],
        "order of the results",
      );
      same(results[1].ok, false, "result of a foreign run");
      envelope(results[1].error, "result of a foreign run");
      oneOf(
        results[1].error.error,
        ["id_tenant_mismatch", "not_found"],
        "code",
      );
      for (const result of [results[0], results[2]]) {
        if (result.ok) {
          oneOf(result.status, ["cancelling", "cancelled"], "status");
        } else {
          envelope(result.error, "result of an own run");
          same(result.error.error, "run_terminal", "code of an own run");
        }
      }
    },
  },
  "v2-run-pause-resume": {
    "a run that is over is neither paused nor resumed": async (probe) => {
      const { path } = await probe.settled();
      await hasPause(probe, path);
      refused(await probe.post(`${path}:pause`, {}), 409, "run_terminal");
      refused(await probe.post(`${path}:resume`, {}), 409, "run_terminal");
    },
    "a run is paused within a node, and goes on with it": async (probe) => {
      const { path, runId } = await probe.start("conformance-delay", {
        inputs: { delayMs: 15_000 },
      });
      await probe.reach(path, ["running"]);
      await hasPause(probe, path);
      const pause = { reason: "conformance", drainPolicy: "immediate" };
      const paused = await probe.post(`${path}:pause`, pause);
      status(paused, 202);
      same(paused.body.runId, runId, "runId");
      same(paused.body.status, "paused", "status");
      const again = await probe.post(`${path}:pause`, pause);
      refused(again, 409, "run_state_conflict");
      same(again.body.details?.runStatus, "paused", "details.runStatus");
      const resumed = await probe.post(`${path}:resume`, {});
      status(resumed, 202);
      same(resumed.body.status, "running", "status");
      const early = await probe.post(`${path}:resume`, {});
      refused(early, 409, "run_state_conflict");
      const isThere = await probe.until(
        async () =>
          (await probe.log(path)).some(({ type }) => type === "run.resumed"),
        5_000,
      );
      holds(isThere, "there is no run.resumed");
      const log = await probe.log(path);
      const at = (type: string) => log.findIndex((one) => one.type === type);
      const [from, to] = [at("run.paused"), at("run.resumed")];
      holds(from >= 0 && from < to, "run.paused is not before run.resumed");
      same(log[from].payload.drainPolicy, "immediate", "drainPolicy");
      const cut = log.slice(0, to).filter(({ type }) =>
        /^node\.(completed|failed|cancelled)$/.test(type)
      );
      same(cut, [], "ends of the attempt that was cut");
      status(await probe.post(`${path}/cancel`, {}), 200);
      await probe.reach(path, ["cancelled"]);
    },
  },
};

async function bulkCancel(probe: Probe, runIds: readonly string[]) {
  const answer = await probe.post("/runs:bulk-cancel", { runIds });
  if (answer.status !== 404) return answer;
  throw new NotChecked("blocked", "the host has no POST /runs:bulk-cancel");
}

/** Asks with a body that every host refuses once it has the operation. */
async function hasPause(probe: Probe, path: string): Promise<void> {
  const answer = await probe.post(`${path}:pause`, { openwopUnknown: true });
  if (answer.status !== 404) return;
  throw new NotChecked("blocked", "the host has no POST /runs/{runId}:pause");
}
