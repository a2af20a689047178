// Web standards only.
import type { Major } from "../openwop/protocol/mod.ts";
import type { Call, HostParts } from "./parts.ts";
import type { Reply } from "./refusal.ts";
import {
  bulkCancel,
  cancelRunByPath,
  pause,
  resume,
} from "./routes/control.ts";
import { getEffects, getEffectSeams } from "./routes/effects.ts";
import { pollEvents, streamEvents } from "./routes/events.ts";
import { forkRun } from "./routes/forks.ts";
import { getAncestry, getDebugBundle } from "./routes/history.ts";
import {
  inspectByToken,
  resolveByRun,
  resolveByToken,
} from "./routes/interrupts.ts";
import {
  deleteWorkflow,
  listWorkflows,
  putWorkflow,
} from "./routes/registration.ts";
import { createRun, getRun } from "./routes/runs.ts";
import { getDiff } from "./routes/run_diff.ts";
import {
  listDeadLetters,
  registerWebhook,
  rotateSecret,
  unregisterWebhook,
} from "./routes/webhooks.ts";
import { getOpenApi, getWorkflow } from "./routes/workflows.ts";

type Handle = (
  host: HostParts,
  call: Call,
  ...ids: string[]
) => Reply | Promise<Reply>;

/** One operation of the host. */
export interface Route {
  /** As the protocol names it, or the host for one of its own. */
  readonly name: string;
  /** How. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Where: ids in braces, in the words of version 2. */
  readonly path: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** Performs it. */
  readonly handle: Handle;
  /** Whether it is answered without knowing who asks. @default false */
  readonly open?: boolean;
  /** The only major that has it. @default both */
  readonly major?: Major;
  /** The status of success. @default 200 */
  readonly status?: number;
}

/** An operation, and the raw segments of the ids in its path. */
export interface Match {
  /** Which. */
  readonly route: Route;
  /** In the order of the path, still encoded. */
  readonly ids: readonly string[];
}

/** Everything that can be asked beside discovery. Source: v2 §6.2. */
export const ROUTES: readonly Route[] = [
  {
    name: "discovery.openapi",
    method: "GET",
    path: "/openapi.json",
    summary: "Reads this document.",
    handle: getOpenApi,
    open: true,
  },
  {
    name: "workflows.get",
    method: "GET",
    path: "/workflows/{workflowId}",
    summary: "Reads the definition that a new run would get.",
    handle: getWorkflow,
  },
  {
    name: "runs.create",
    method: "POST",
    path: "/runs",
    summary: "Starts a run.",
    handle: createRun,
    status: 201,
  },
  {
    name: "runs.bulkCancel",
    method: "POST",
    path: "/runs:bulk-cancel",
    summary: "Cancels several runs, each for itself.",
    handle: bulkCancel,
  },
  {
    name: "runs.get",
    method: "GET",
    path: "/runs/{runId}",
    summary: "Reads the snapshot of a run.",
    handle: getRun,
  },
  {
    name: "runs.stream",
    method: "GET",
    path: "/runs/{runId}/events",
    summary: "Streams the events of a run.",
    handle: streamEvents,
  },
  {
    name: "runs.poll",
    method: "GET",
    path: "/runs/{runId}/events/poll",
    summary: "Waits for events of a run.",
    handle: pollEvents,
  },
  {
    name: "runs.cancel",
    method: "POST",
    path: "/runs/{runId}/cancel",
    summary: "Cancels a run.",
    handle: cancelRunByPath,
  },
  {
    name: "runs.pause",
    method: "POST",
    path: "/runs/{runId}:pause",
    summary: "Pauses a run.",
    handle: pause,
    status: 202,
  },
  {
    name: "runs.resume",
    method: "POST",
    path: "/runs/{runId}:resume",
    summary: "Lifts the pause of a run.",
    handle: resume,
    status: 202,
  },
  {
    name: "runs.fork",
    method: "POST",
    path: "/runs/{runId}:fork",
    summary: "Makes a run of the beginning of another.",
    handle: forkRun,
    status: 201,
  },
  {
    name: "runs.diff",
    method: "GET",
    path: "/runs/{runId}:diff",
    summary: "Compares two runs.",
    handle: getDiff,
  },
  {
    name: "runs.ancestry",
    method: "GET",
    path: "/runs/{runId}/ancestry",
    summary: "Tells what a run came from.",
    handle: getAncestry,
  },
  {
    name: "runs.effects",
    method: "GET",
    path: "/runs/{runId}/effects",
    summary: "Lists what the code of a run was started for.",
    handle: getEffects,
    major: 2,
  },
  {
    name: "runs.debugBundle",
    method: "GET",
    path: "/runs/{runId}/debug-bundle",
    summary: "Reads everything about a run at once.",
    handle: getDebugBundle,
  },
  {
    name: "interrupts.resolve",
    method: "POST",
    path: "/runs/{runId}/interrupts/{nodeId}",
    summary: "Answers a question of a run.",
    handle: resolveByRun,
  },
  {
    name: "interrupts.inspectByToken",
    method: "GET",
    path: "/interrupts/{token}",
    summary: "Reads a question by its token.",
    handle: inspectByToken,
    open: true,
  },
  {
    name: "interrupts.resolveByToken",
    method: "POST",
    path: "/interrupts/{token}",
    summary: "Answers a question by its token.",
    handle: resolveByToken,
    open: true,
  },
  {
    name: "host.effectSeams",
    method: "GET",
    path: "/host/effect-seams",
    summary: "Lists the places where this host reaches the world outside.",
    handle: getEffectSeams,
    major: 2,
  },
  {
    name: "webhooks.register",
    method: "POST",
    path: "/webhooks",
    summary: "Subscribes an address to events.",
    handle: registerWebhook,
    status: 201,
  },
  {
    name: "webhooks.unregister",
    method: "DELETE",
    path: "/webhooks/{webhookId}",
    summary: "Ends a subscription.",
    handle: unregisterWebhook,
    status: 204,
  },
  {
    name: "webhooks.rotateSecret",
    method: "POST",
    path: "/webhooks/{webhookId}/rotate-secret",
    summary:
      "Gives a subscription a new secret; the old one signs for a while.",
    handle: rotateSecret,
    major: 2,
  },
  {
    name: "webhooks.deadLetters",
    method: "GET",
    path: "/webhooks/{webhookId}/dead-letters",
    summary: "Lists what could not be delivered.",
    handle: listDeadLetters,
    major: 2,
  },
  {
    name: "tutti.listWorkflows",
    method: "GET",
    path: "/host/tutti/workflows",
    summary: "Lists the workflows that the caller's tenant gave.",
    handle: listWorkflows,
    major: 2,
  },
  {
    name: "tutti.putWorkflow",
    method: "PUT",
    path: "/host/tutti/workflows/{workflowId}",
    summary: "Takes a workflow in, or replaces it.",
    handle: putWorkflow,
    major: 2,
  },
  {
    name: "tutti.deleteWorkflow",
    method: "DELETE",
    path: "/host/tutti/workflows/{workflowId}",
    summary: "Takes a workflow away.",
    handle: deleteWorkflow,
    major: 2,
    status: 204,
  },
];

/** Whether a path is one of this host alone. Source: v2 §2.4. */
export function isOwn(path: string): boolean {
  return path.startsWith("/host/tutti/");
}

const TABLE = ROUTES.map((route) => ({
  route,
  segments: route.path.replace(/\{\w+\}/g, "*").split("/").slice(1),
}));

/** How a path can look, as far as it takes no comparison to tell. */
function shapeOf(method: string, segments: readonly string[]): string {
  return `${method} ${segments.length}`;
}

const BY_SHAPE = new Map<string, typeof TABLE>();
for (const entry of TABLE) {
  const shape = shapeOf(entry.route.method, entry.segments);
  BY_SHAPE.set(shape, [...BY_SHAPE.get(shape) ?? [], entry]);
}

/**
 * Finds the operation for a path, given as raw segments: splitting comes before decoding, so that an encoded slash never
 * makes a segment.
 */
export function match(
  method: string,
  segments: readonly string[],
  major: Major = 2,
): Match | undefined {
  const alike = BY_SHAPE.get(shapeOf(method, segments)) ?? [];
  for (const { route, segments: patterns } of alike) {
    if ((route.major ?? major) !== major) continue;
    const ids = idsIn(patterns, segments);
    if (ids) return { route, ids };
  }
  return undefined;
}

/** The methods that the operations at a path have; none where there is no operation. */
export function methodsAt(
  segments: readonly string[],
  major: Major = 2,
): readonly string[] {
  return TABLE.filter(({ route, segments: patterns }) =>
    (route.major ?? major) === major && idsIn(patterns, segments)
  )
    .map(({ route }) => route.method);
}

function idsIn(
  patterns: readonly string[],
  segments: readonly string[],
): readonly string[] | undefined {
  if (patterns.length !== segments.length) return undefined;
  const ids: string[] = [];
  const fits = patterns.every((pattern, index) => {
    const segment = segments[index]!;
    if (!pattern.startsWith("*")) return pattern === segment;
    const id = index === 1 ? idOf(pattern, segment) : segment;
    if (id) ids.push(id);
    return Boolean(id);
  });
  return fits ? ids : undefined;
}

/** The id in a segment, without the verb that may follow it: `acme~2Fr1:fork`. */
function idOf(pattern: string, segment: string): string | undefined {
  const verb = /:[a-z-]+$/.exec(segment)?.[0] ?? "";
  return pattern.slice(1) === verb
    ? segment.slice(0, segment.length - verb.length)
    : undefined;
}
