// Web standards only.
import type {
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "../../src/openwop/protocol/mod.ts";

/** What a node looks like. */
export type NodeShape =
  | "box"
  | "decision"
  | "person"
  | "end"
  | "timer"
  | "loop";

/** How a part of a picture stands out: what became of it in a run, or how it differs. */
export type Mark =
  | "completed"
  | "failed"
  | "running"
  | "waiting"
  | "skipped"
  | "cancelled"
  | "added"
  | "removed"
  | "changed";

/** One node of a picture. */
export interface PictureNode {
  /** Unique. */
  readonly id: string;
  /** Lines of text. */
  readonly lines: readonly string[];
  /** What it looks like. */
  readonly shape: NodeShape;
  /** How it stands out. */
  readonly mark?: Mark | undefined;
}

/** One arrow of a picture. */
export interface PictureEdge {
  /** Where it begins. */
  readonly from: string;
  /** Where it ends. */
  readonly to: string;
  /** A word on it. */
  readonly label?: string | undefined;
  /** Whether it leads back: to another round of a loop. */
  readonly isBack?: boolean;
  /** How it stands out. */
  readonly mark?: Mark | undefined;
}

/** What is drawn, before it is written in a language for pictures. */
export interface Picture {
  /** In the order of the definition. */
  readonly nodes: readonly PictureNode[];
  /** In the order of the definition. */
  readonly edges: readonly PictureEdge[];
}

/** The colours of the marks: fill and border, the same in every language. */
export const colours: Readonly<Record<Mark, readonly [string, string]>> = {
  completed: ["#d7f0dd", "#2b8a4b"],
  failed: ["#f9d6d5", "#b3261e"],
  running: ["#d5e6fb", "#1c5fb0"],
  waiting: ["#fdeec2", "#a06a00"],
  skipped: ["#eeeeee", "#999999"],
  cancelled: ["#e6dff2", "#6b4fa0"],
  added: ["#d7f0dd", "#2b8a4b"],
  removed: ["#f9d6d5", "#b3261e"],
  changed: ["#fdeec2", "#a06a00"],
};

const shapes: Readonly<Record<string, NodeShape>> = {
  "core.approvalGate": "person",
  "core.clarificationGate": "person",
  "core.interrupt": "person",
  "core.identity": "decision",
  "core.flow.if": "decision",
  "core.flow.switch": "decision",
  "tutti.condition": "decision",
  "core.start": "end",
  "core.end": "end",
  "core.delay": "timer",
  "tutti.repeat": "loop",
  "tutti.forEach": "loop",
};

/** The picture of a definition. */
export function pictureOf({ nodes, edges }: WorkflowDefinition): Picture {
  return {
    nodes: nodes.map((node) => nodePicture(node)),
    edges: [
      ...edges.map((edge) => edgePicture(edge)),
      ...backEdges({ nodes, edges }),
    ],
  };
}

/** From each loop to where its rounds begin. A loop has no edge for that: it names its body. */
export function backEdges(
  { nodes, edges }: Pick<WorkflowDefinition, "nodes" | "edges">,
): PictureEdge[] {
  return nodes.flatMap(({ id, typeId, config }) => {
    const body = config.body;
    if (typeId !== "tutti.repeat" || !Array.isArray(body)) return [];
    const names = new Set<unknown>(body);
    const inner = new Set(
      edges.flatMap((edge) =>
        names.has(edge.sourceNodeId) ? [edge.targetNodeId] : []
      ),
    );
    return nodes.filter((node) => names.has(node.id) && !inner.has(node.id))
      .map((first) => ({
        from: id,
        to: first.id,
        label: "again",
        isBack: true,
      }));
  });
}

/** The picture of a node. */
export function nodePicture(
  { id, typeId, name, config }: WorkflowNode,
  mark?: Mark,
  lines: readonly string[] = [],
): PictureNode {
  return {
    id,
    lines: [
      name,
      ...(typeId === "tutti.join" && typeof config.need === "number"
        ? [`first ${config.need}`]
        : []),
      ...lines,
    ],
    shape: Object.hasOwn(shapes, typeId) ? shapes[typeId]! : "box",
    mark,
  };
}

/** The picture of an arrow. */
export function edgePicture(edge: WorkflowEdge, mark?: Mark): PictureEdge {
  return {
    from: edge.sourceNodeId,
    to: edge.targetNodeId,
    label: edge.label ??
      (edge.triggerRule === "all_complete" ? undefined : edge.triggerRule),
    mark,
  };
}
