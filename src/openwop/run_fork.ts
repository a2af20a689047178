// Web standards only.
import { InvalidArgumentError } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
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
    throw new InvalidArgumentError(
      "overlay",
      "a replay repeats the run as it was, only a branch takes an overlay",
    );
  }
  return {
    mode,
    fromSeq: await placeOf(api, runId, request, signal),
    ...(request.overlay ? { runOptionsOverlay: request.overlay } : {}),
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
  const places = (["after", "at", "fromSequence"] as const)
    .filter((name) => given[name] !== undefined);
  if (places.length !== 1) {
    throw new InvalidArgumentError(
      places[1] ?? "after",
      `one of "after", "at" and "fromSequence" is wanted, there are ${places.length}`,
    );
  }
  const { after, at, fromSequence } = given;
  if (fromSequence !== undefined) {
    if (Number.isSafeInteger(fromSequence) && fromSequence >= 0) {
      return fromSequence;
    }
    throw new InvalidArgumentError(
      "fromSequence",
      `a whole number of at least 0 is wanted, it is ${String(fromSequence)}`,
    );
  }
  const started = new Map<string, number>();
  const completed = new Map<string, number>();
  for await (const page of readPages(api, runId, undefined, signal)) {
    for (const event of page) {
      const nodeId = nodeOf(event);
      if (nodeId === undefined) continue;
      if (event.type === "node.started" && !started.has(nodeId)) {
        started.set(nodeId, event.sequence);
      }
      if (event.type === "node.completed") {
        completed.set(nodeId, event.sequence);
      }
    }
  }
  if (after !== undefined) {
    const place = completed.get(after) ?? refuse("after", after, completed);
    return place + 1;
  }
  const step = at as string;
  return started.get(step) ?? refuse("at", step, started);
}

function refuse(
  path: "after" | "at",
  step: string,
  known: ReadonlyMap<string, number>,
): never {
  const done = path === "after" ? "completed" : "started";
  const names = [...known.keys()].map((name) => JSON.stringify(name));
  throw new InvalidArgumentError(
    path,
    `step ${JSON.stringify(step)} has not ${done} in this run, these have: ${
      names.join(", ") || "none"
    }`,
  );
}
