// Web standards only.
import { refuse } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { checkField } from "./check_input.ts";
import type { ForkRequest } from "./protocol/mod.ts";
import type { ForkAfter, ForkAt, ForkAtStep, ForkFrom } from "./run_handle.ts";
import { nodeOf, readPages } from "./run_log.ts";

/**
 * Turns "after this step" into the place in the log that the wire wants. Only a place given by name needs the log.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, for a step that the log does not have.
 */
export async function toForkRequest(
  api: OpenwopApi,
  runId: string,
  request: ForkAt,
  signal: AbortSignal | undefined,
): Promise<ForkRequest> {
  const mode = request.mode ?? "branch";
  if (mode === "replay" && request.overlay !== undefined) {
    refuse(
      "overlay",
      "a replay repeats the run as it was, only a branch takes an overlay",
    );
  }
  return {
    mode,
    fromSeq: await placeOf(api, runId, request, signal),
    ...(request.overlay && { runOptionsOverlay: request.overlay }),
  };
}

async function placeOf(
  api: OpenwopApi,
  runId: string,
  request: ForkAt,
  signal: AbortSignal | undefined,
): Promise<number> {
  // A caller without types may hand in anything.
  const given = request as Partial<ForkAfter & ForkAtStep & ForkFrom>;
  const names = (["after", "at", "fromSequence"] as const)
    .filter((name) => given[name] !== undefined);
  if (names.length !== 1) {
    refuse(
      names[1] ?? "after",
      `one of "after", "at" and "fromSequence" is wanted, there are ${names.length}`,
    );
  }
  const { after, at, fromSequence } = given;
  if (fromSequence !== undefined) {
    checkField("fromSequence", fromSequence);
    return fromSequence;
  }
  const [path, step, type, done] = after === undefined
    ? ["at", at as string, "node.started", "started"] as const
    : ["after", after, "node.completed", "completed"] as const;
  // The first start of a step, the last end of it.
  const places = new Map<string, number>();
  for await (const page of readPages(api, runId, undefined, signal)) {
    for (const event of page) {
      const nodeId = event.type === type ? nodeOf(event) : undefined;
      if (nodeId !== undefined && !(path === "at" && places.has(nodeId))) {
        places.set(nodeId, event.sequence);
      }
    }
  }
  const place = places.get(step);
  if (place === undefined) {
    const known = Array.from(places.keys(), (name) => JSON.stringify(name));
    refuse(
      path,
      `step ${JSON.stringify(step)} has not ${done} in this run, these have: ${
        known.join(", ") || "none"
      }`,
    );
  }
  return path === "at" ? place : place + 1;
}
