// Web standards only.
import { holds, oneOf, same, text } from "./expect.ts";
import { refused, status } from "./probe.ts";
import type { Scenarios } from "./scenarios.ts";
import { NotChecked } from "./subject.ts";

const KINDS = [
  "http",
  "queue",
  "storage",
  "provider-sdk",
  "webhook-fanout",
  "smtp",
  "other",
];

/** Interrupts, replays and their manifest. Source: v2 §14.4, rows 1 and 2. */
export const v2Families: Scenarios = {
  "v2-interrupt-token-scheme": {
    "tokens that cannot be verified are refused as such": async (probe) => {
      const document = await probe.discovery();
      const ask = { key: null };
      const old = await probe.get("/interrupts/anVuaw.anVuaw", ask);
      const isMounted = old.status !== 404 || document.interrupt !== undefined;
      if (isMounted) refused(old, 401, "interrupt_token_invalid");
      else oneOf(old.body.error, ["not_found", "interrupt_not_found"], "code");
      const odd = await probe.get(
        "/interrupts/ow2.hs256.nokid.eyJhIjoxfQ.AAAAAAAAAAAAAAAAAAAAAA",
        ask,
      );
      if (!isMounted && odd.status === 404) {
        throw new NotChecked("inapplicable", "interrupt is not advertised");
      }
      refused(odd, 401, "interrupt_token_invalid");
    },
    "a question is answered once, and stays answered": async (probe) => {
      const { path } = await probe.start("conformance-approval");
      await probe.reach(path, ["waiting-approval"]);
      const resolve = `${path}/interrupts/gate`;
      const odd = await probe.post(resolve, { resumeValue: { action: "no" } });
      refused(odd, 400, "validation_error");
      const none = await probe.post(`${path}/interrupts/nowhere`, {
        resumeValue: { action: "accept" },
      });
      status(none, 404);
      const answer = { resumeValue: { action: "accept" } };
      status(await probe.post(resolve, answer), 200);
      same(await probe.end(path), "completed", "status");
      const late = await probe.post(resolve, answer);
      refused(late, 409, "interrupt_already_resolved");
      const log = await probe.log(path);
      const kinds = log.map(({ type }) => type).filter((type) =>
        type.startsWith("interrupt.")
      );
      same(kinds, ["interrupt.requested", "interrupt.resolved"], "interrupts");
    },
  },
  "v2-effect-seam-manifest": {
    "the manifest lists guarded seams": async (probe) => {
      const replay = await probe.family("replay");
      same(
        replay.effectSeamsManifest,
        "/host/effect-seams",
        "replay.effectSeamsManifest",
      );
      const answer = await probe.get("/host/effect-seams");
      status(answer, 200);
      const { manifestVersion, host, seams } = answer.body;
      same(manifestVersion, "1", "manifestVersion");
      holds(host?.name && host?.build?.id, `host: ${text(host)}`);
      holds(Array.isArray(seams) && seams.length > 0, "no seams");
      for (const seam of seams) {
        const what = `seam ${text(seam)}`;
        holds(
          /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(seam.seam),
          `${what}: its name`,
        );
        same(seam.guarded, true, `${what}, guarded`);
        holds(seam.guardedBy, `${what}: guardedBy`);
        oneOf(seam.kind, KINDS, `${what}, kind`);
        if (seam.branchReFires) oneOf("branch", replay.modes, "replay.modes");
      }
    },
    "a replay repeats the history, and refuses what cannot be": async (
      probe,
    ) => {
      await probe.family("replay");
      const { path, runId } = await probe.settled();
      const fork = `${path}:fork`;
      const done = await probe.post(fork, { mode: "replay" });
      status(done, 201);
      same(done.body.sourceRunId, runId, "sourceRunId");
      holds(done.body.runId !== runId, "the fork has the id of its source");
      const child = `/runs/${encodeURIComponent(done.body.runId)}`;
      same(await probe.end(child), "completed", "status of the replay");
      same((await probe.get(child)).body.parentRunId, runId, "parentRunId");
      const shape = async (of: string) =>
        (await probe.log(of)).map(({ type, nodeId }) => [type, nodeId ?? null]);
      same(await shape(child), await shape(path), "types and nodes");
      const overlay = { mode: "replay", runOptionsOverlay: { tags: ["t"] } };
      refused(await probe.post(fork, overlay), 400, "validation_error");
      const odd = { mode: "branch", fromSeq: 99_999 };
      const far = await probe.post(fork, odd);
      oneOf(far.status, [400, 422], `${far.what}, status`);
    },
  },
};
