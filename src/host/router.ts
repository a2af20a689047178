// Web standards only.
import type { Call, HostParts } from "./parts.ts";
import type { Reply } from "./refusal.ts";
import { pollEvents, streamEvents } from "./routes/events.ts";
import { forkRun } from "./routes/forks.ts";
import { resolveByRun } from "./routes/interrupts.ts";
import { cancel, createRun, getRun } from "./routes/runs.ts";
import {
  listDeadLetters,
  registerWebhook,
  unregisterWebhook,
} from "./routes/webhooks.ts";
import { getWorkflow } from "./routes/workflows.ts";

type Handle = (
  host: HostParts,
  call: Call,
  ...ids: string[]
) => Reply | Promise<Reply>;

/** An operation, and the raw segments of the ids in its path. */
export interface Match {
  /** Performs it. */
  readonly handle: Handle;
  /** In the order of the path, still encoded. */
  readonly ids: readonly string[];
}

interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** `*` stands for an id. */
  readonly path: string;
  readonly handle: Handle;
}

/** Source: v2 §6.2. */
const ROUTES: readonly (Route & { readonly segments: readonly string[] })[] = [
  { method: "GET", path: "workflows/*", handle: getWorkflow },
  { method: "POST", path: "runs", handle: createRun },
  { method: "GET", path: "runs/*", handle: getRun },
  { method: "GET", path: "runs/*/events", handle: streamEvents },
  { method: "GET", path: "runs/*/events/poll", handle: pollEvents },
  { method: "POST", path: "runs/*/cancel", handle: cancel },
  { method: "POST", path: "runs/*:fork", handle: forkRun },
  { method: "POST", path: "runs/*/interrupts/*", handle: resolveByRun },
  { method: "POST", path: "webhooks", handle: registerWebhook },
  { method: "DELETE", path: "webhooks/*", handle: unregisterWebhook },
  { method: "GET", path: "webhooks/*/dead-letters", handle: listDeadLetters },
].map((route) => ({ ...route, segments: route.path.split("/") }) as never);

/**
 * Finds the operation for a path, given as raw segments: splitting comes before decoding, so that an encoded slash never
 * makes a segment.
 */
export function match(
  method: string,
  segments: readonly string[],
): Match | undefined {
  for (const route of ROUTES) {
    if (route.method !== method) continue;
    if (route.segments.length !== segments.length) continue;
    const ids: string[] = [];
    const fits = route.segments.every((pattern, index) => {
      const segment = segments[index]!;
      if (!pattern.startsWith("*")) return pattern === segment;
      const id = index === 1 ? idOf(pattern, segment) : segment;
      if (id) ids.push(id);
      return Boolean(id);
    });
    if (fits) return { handle: route.handle, ids };
  }
  return undefined;
}

/** The id in a segment, without the verb that may follow it: `acme~2Fr1:fork`. */
function idOf(pattern: string, segment: string): string | undefined {
  const verb = /:[a-z-]+$/.exec(segment)?.[0] ?? "";
  return pattern.slice(1) === verb
    ? segment.slice(0, segment.length - verb.length)
    : undefined;
}
