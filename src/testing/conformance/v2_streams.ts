// Web standards only.
import { HEADERS, isJsonObject } from "../../openwop/protocol/mod.ts";
import { dense, fault, holds, oneOf, same, text } from "./expect.ts";
import type { Frames } from "./frames.ts";
import { refused, status } from "./probe.ts";
import type { Probe } from "./probe.ts";
import type { Scenarios } from "./scenarios.ts";
import { NotChecked } from "./subject.ts";

const DEBUG = "streamMode=debug";

/** Event streams and their cursors. Source: v2 §14.4, rows 13 and 14. */
export const v2Streams: Scenarios = {
  "v2-sse-last-event-id": {
    "the stream of a finished run has everything and is closed": async (
      probe,
    ) => {
      const { path } = await probe.settled();
      const frames = await probe.frames(path, DEBUG);
      holds(frames.length > 0, "no frames");
      const ids = frames.map(({ id }) => Number(id));
      holds(ids.every(Number.isInteger), `ids: ${text(ids)}`);
      same([...ids].sort((a, b) => a - b), ids, "order of the ids");
      same(frames.map(({ data }) => data), await probe.log(path), "events");
      for (const { event, data } of frames) same(event, data.type, "event");
    },
    "a cursor is exclusive, 0 included": async (probe) => {
      const { path } = await probe.settled();
      const all = await probe.frames(path, DEBUG);
      for (const [index, { id }] of all.entries()) {
        const rest = await after(probe, path, String(id));
        same(rest, all.slice(index + 1), `frames after ${id}`);
      }
    },
    "a mode that is none is refused with those that are": async (probe) => {
      const { path } = await probe.settled();
      const answer = await probe.get(`${path}/events?streamMode=bogus`, {
        headers: { accept: "text/event-stream" },
      });
      refused(answer, 400, "unsupported_stream_mode");
      const supported = answer.body.details?.supported;
      holds(Array.isArray(supported), "no details.supported");
      oneOf("updates", supported, "details.supported");
    },
    "the mode of snapshots resumes with a snapshot": async (probe) => {
      const { path } = await probe.settled();
      const bogus = await probe.get(`${path}/events?streamMode=bogus`);
      if (!bogus.body.details?.supported?.includes("values")) {
        throw new NotChecked("inapplicable", "the host has no mode values");
      }
      const frames = await probe.frames(path, "streamMode=values", {
        "last-event-id": "0",
      });
      same(frames[0]?.event, "state.snapshot", "first frame");
      same(frames.at(-1)?.data.status, "completed", "last status");
    },
    "a stream that grows loses nothing and has its end": async (probe) => {
      const { path } = await probe.start("conformance-delay", {
        inputs: { delayMs: 200 },
      });
      const live = await probe.live(path, DEBUG);
      const isOver = await probe.until(() => live.isClosed(), 8_000);
      live.close();
      holds(isOver, "the server did not close the stream of a run that ended");
      const events = live.frames.map(({ data }) => data);
      dense(events, 0);
      same(events.at(-1)?.type, "run.completed", "last frame");
      same(events, await probe.log(path), "the stream, and the log");
    },
    "batches hold all events, and a cursor works within them": async (
      probe,
    ) => {
      const { path } = await probe.settled();
      const log = await probe.log(path);
      const query = `${DEBUG}&bufferMs=100`;
      same(flat(await probe.frames(path, query)), log, "events in batches");
      const rest = await probe.frames(path, query, { "last-event-id": "1" });
      same(flat(rest), log.slice(2), "events after 1");
    },
    "a quiet stream is kept alive every 30 s": async (probe) => {
      const { path } = await probe.start("conformance-cancellable", {
        inputs: { delayMs: 60_000 },
      });
      const live = await probe.live(path, DEBUG);
      try {
        await probe.until(() => live.frames.length > 0, 5_000);
        const before = live.comments.length;
        const isAlive = await probe.until(
          () => live.comments.length > before,
          31_000,
          500,
        );
        holds(isAlive, "no comment in 31 s");
      } finally {
        live.close();
        await probe.post(`${path}/cancel`, {});
      }
    },
  },
  "v2-sse-last-event-id-cursor": {
    "a cursor beyond the end of a finished run finds nothing": async (
      probe,
    ) => {
      const { path } = await probe.settled();
      const { body } = await probe.get(`${path}/events/poll?timeout=1`);
      same(
        await after(probe, path, String(body.lastSequence + 1_000)),
        [],
        "frames",
      );
    },
    "a cursor that is no number is refused as such, or taken": async (
      probe,
    ) => {
      const { path } = await probe.settled();
      const { status: found, code } = await ask(probe, path, "abc");
      if (found === 200) return;
      same([found, code], [400, "validation_error"], "refusal of a cursor abc");
    },
    "a cursor says nothing of runs that the caller does not see": async (
      probe,
    ) => {
      const { runId } = await probe.start();
      const unknown = `${runId.split("/")[0]}/${"0".repeat(32)}`;
      const foreign = `openwop-nobody/${"0".repeat(32)}`;
      for (const id of [unknown, foreign]) {
        await keepsSilent(probe, `/runs/${encodeURIComponent(id)}`);
      }
    },
    "a cursor says nothing of the runs of another tenant": async (probe) => {
      const { otherApiKey } = probe.subject;
      await probe.discovery();
      if (otherApiKey === undefined) {
        throw new NotChecked("blocked", "there is no key of a second tenant");
      }
      const { path } = await probe.start("conformance-noop", {}, {
        key: otherApiKey,
      });
      await keepsSilent(probe, path);
      const answer = await probe.get(path);
      oneOf(answer.status, [403, 404], `${answer.what}, status`);
      oneOf(answer.body.error, ["id_tenant_mismatch", "not_found"], "code");
      status(await probe.get(path, { key: otherApiKey }), 200);
      for (const verb of ["/cancel", ":fork"]) {
        const changed = await probe.post(path + verb, {});
        oneOf(changed.status, [403, 404], `${changed.what}, status`);
      }
    },
  },
};

function flat(frames: Frames): unknown[] {
  return frames.flatMap(({ event, data }) => event === "batch" ? data : [data]);
}

function after(probe: Probe, path: string, id: string): Promise<Frames> {
  return probe.frames(path, DEBUG, { "last-event-id": id });
}

/** The same refusal with and without a cursor. */
async function keepsSilent(probe: Probe, path: string): Promise<void> {
  const [plain, ...others] = [
    await ask(probe, path),
    await ask(probe, path, "0"),
    await ask(probe, path, "1000"),
    await ask(probe, path, "abc"),
  ];
  holds(plain!.status !== 200, `${path}: found 200, wanted a refusal`);
  for (const other of others) same(other, plain, `${path} with a cursor`);
}

async function ask(
  probe: Probe,
  path: string,
  cursor?: string,
): Promise<{ status: number; code?: string }> {
  const what = `${path}/events?${DEBUG}`;
  const response = await probe.open("GET", what, {
    headers: { accept: "text/event-stream", "last-event-id": cursor },
  });
  const { status } = response;
  holds(response.headers.has(HEADERS.version), `${what}: no version`);
  if (status === 200) {
    await response.body?.cancel();
    return { status };
  }
  const body: unknown = await response.json();
  if (!isJsonObject(body)) fault(`${what}: no envelope`);
  return { status, code: String(body.error) };
}
