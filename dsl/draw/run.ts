// Web standards only.
import type {
  RunEvent,
  WorkflowDefinition,
} from "../../src/openwop/protocol/mod.ts";
import { graphAt, within } from "../given.ts";
import { isOver, outcomeOf } from "../outcome.ts";
import {
  backEdges,
  edgePicture,
  type Mark,
  nodePicture,
  type Picture,
} from "./picture.ts";

/** What became of a node. */
interface Standing {
  readonly mark: Mark;
  readonly since?: number;
  readonly took?: number;
  readonly times: number;
}

/**
 * The picture of a run: what ran, waited, failed or was skipped, how long it took, and which ways were taken. Hand it to
 * `toMermaid()` or `toDot()`.
 *
 * Times are those of the log, so that the same log always gives the same picture.
 *
 * @param definition The definition of the run.
 * @param events Its log, or as much of it as there is.
 *
 * @example
 * ```ts
 * import { delay, pictureOfRun, toMermaid, workflow } from "@tutti/sdk/dsl";
 * import { createHost } from "@tutti/sdk/host";
 * import { OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const wait = workflow("wait", { version: "1.0.0" }).input()
 *   .use(delay("breathe", 1))
 *   .build();
 * const host = createHost({ workflows: [wait] });
 * const run = await wait.start(new OpenwopClient({ baseUrl: host.url, fetch: host.fetch }), {});
 * const events = [];
 * for await (const event of run.events()) events.push(event);
 * assert.match(toMermaid(pictureOfRun(wait.definition, events)), /breathe.*:::completed/);
 * await host.close();
 * ```
 */
export function pictureOfRun(
  definition: WorkflowDefinition,
  events: Iterable<RunEvent>,
): Picture {
  const standings = new Map<string, Standing>();
  within("events", () => {
    for (const event of events) {
      const mark = outcomeOf(event);
      const { nodeId } = event;
      if (mark === undefined || nodeId === undefined) continue;
      const known = standings.get(nodeId);
      const at = Date.parse(event.timestamp);
      if (event.type === "node.started") {
        standings.set(nodeId, {
          mark,
          since: at,
          times: (known?.times ?? 0) + 1,
        });
      } else {
        standings.set(nodeId, {
          times: 0,
          ...known,
          mark,
          // What is skipped did not go on since it last began, in an earlier round.
          ...(isOver(mark) && mark !== "skipped" && known?.since !== undefined
            ? { took: at - known.since }
            : {}),
        });
      }
    }
  });
  const passed = (id: string): boolean =>
    standings.get(id)?.mark !== "skipped" && standings.has(id);
  return graphAt("definition", definition, () => ({
    nodes: definition.nodes.map((node) => {
      const standing = standings.get(node.id);
      if (!standing) return nodePicture(node);
      const { mark, took, times } = standing;
      const words = [
        mark !== "skipped" ? mark : times > 0 ? "skipped at last" : "",
        took === undefined ? "" : spell(took),
        times > 1
          ? `${times} times`
          : mark === "skipped" && times > 0
          ? "done once"
          : "",
      ].filter((word) => word !== "");
      return nodePicture(node, mark, words.length ? [words.join(", ")] : []);
    }),
    edges: [
      ...definition.edges.map((edge) =>
        edgePicture(
          edge,
          passed(edge.sourceNodeId) && passed(edge.targetNodeId)
            ? undefined
            : "skipped",
        )
      ),
      ...backEdges(definition),
    ],
  }));
}

function spell(ms: number): string {
  if (!Number.isFinite(ms)) return "";
  if (ms < 1000) return `${ms} ms`;
  const s = ms / 1000;
  if (s < 120) return `${Math.round(s * 10) / 10} s`;
  if (s < 7200) return `${Math.round(s / 60)} min`;
  if (s < 172_800) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86_400)} d`;
}
