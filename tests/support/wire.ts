import assert from "node:assert/strict";
import { found } from "./fake_clock.ts";
import type { Host } from "@tutti/sdk/host";
import type {
  JsonObject,
  NodeImplementation,
  RunnableWorkflow,
  WorkflowDefinition,
  WorkflowNode,
} from "@tutti/sdk/openwop";

/** A node in short: everything that a definition wants and a test does not care about is filled in. */
export interface ShortNode extends
  Partial<
    Pick<WorkflowNode, "settings" | "compensation" | "outputSensitivity">
  > {
  readonly id: string;
  readonly typeId: string;
  readonly config?: JsonObject;
  readonly inputs?: WorkflowNode["inputs"];
  /** Nodes that come before it. */
  readonly after?: readonly string[];
}

/** A definition in short. */
export function definitionOf(
  id: string,
  nodes: readonly ShortNode[],
  rest: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  return {
    id,
    name: id,
    version: "1.0.0",
    nodes: nodes.map((
      { id, typeId, config = {}, inputs = {}, after: _, ...more },
      index,
    ) => ({
      id,
      typeId,
      name: id,
      position: { x: index * 200, y: 0 },
      config,
      inputs,
      ...more,
    })),
    edges: nodes.flatMap(({ id, after = [] }) =>
      after.map((source) => ({
        id: `${source}-${id}`,
        sourceNodeId: source,
        targetNodeId: id,
      }))
    ),
    triggers: [{ id: "manual", type: "manual" }],
    variables: [],
    metadata: {},
    settings: {},
    ...rest,
  };
}

/** A workflow in short. */
export function workflowOf(
  id: string,
  nodes: readonly ShortNode[],
  implementations: readonly NodeImplementation[] = [],
  rest: Partial<WorkflowDefinition> = {},
): RunnableWorkflow {
  return { definition: definitionOf(id, nodes, rest), nodes: implementations };
}

/** One step of code, with whatever a run is given as its input. */
export function stepOf(
  run: NodeImplementation["run"],
  more: Partial<NodeImplementation> = {},
): RunnableWorkflow {
  return workflowOf(
    "one-step",
    [{ id: "step", typeId: "local.test.step", inputs: inputFrom("value") }],
    [{ typeId: "local.test.step", run, ...more }],
  );
}

/** Input ports that take run variables of the same name, where there are any. */
export function inputFrom(...names: string[]): WorkflowNode["inputs"] {
  return Object.fromEntries(names.map((name) => [name, {
    type: "variable",
    variableName: name,
    optional: true,
  }]));
}

/** `core.noop`: completes at once. */
export const noop: RunnableWorkflow = workflowOf("conformance-noop", [
  { id: "noop", typeId: "core.noop" },
]);

/** `core.delay`: runs until its time is over. */
export const delay: RunnableWorkflow = workflowOf(
  "conformance-cancellable",
  [
    { id: "delay", typeId: "core.delay", inputs: inputFrom("delayMs") },
  ],
  [],
  {
    variables: [{ name: "delayMs", type: "number", defaultValue: 30_000 }],
  },
);

/** An approval, then a `core.noop`. */
export function gate(config: JsonObject = {}): RunnableWorkflow {
  return workflowOf("gated", [
    {
      id: "gate",
      typeId: "core.approvalGate",
      config: { title: "Go?", ...config },
    },
    { id: "done", typeId: "core.noop", after: ["gate"] },
  ]);
}

/** An answer of a host, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** A frame of an event stream. */
export interface Frame {
  readonly id: number;
  readonly event: string;
  // deno-lint-ignore no-explicit-any
  readonly data: any;
}

/** Talks to a host as a stranger would: by path, header and JSON. */
export class Wire {
  readonly host: Pick<Host, "fetch" | "url">;

  constructor(host: Pick<Host, "fetch" | "url">) {
    this.host = host;
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await this.host.fetch(this.host.url + path, {
      method,
      headers: body === undefined
        ? headers
        : { "content-type": "application/json", ...headers },
      ...(body !== undefined &&
        { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    // v2 §2.3: whatever the answer, it names the contract that produced it.
    assert.equal(response.headers.get("openwop-version"), "2.0");
    const json = response.headers.get("content-type") === "application/json";
    const { status } = response;
    if (status >= 400 && method !== "HEAD") {
      assertEnvelope(JSON.parse(text));
    }
    return {
      status,
      headers: response.headers,
      body: json && text !== "" ? JSON.parse(text) : text,
    };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send("GET", path, undefined, headers);
  }

  post(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    return this.send("POST", path, body, headers);
  }

  /** Creates a run and gives its path. */
  async start(workflowId: string, body: JsonObject = {}): Promise<string> {
    const { status, body: created } = await this.post("/runs", {
      workflowId,
      ...body,
    });
    assert.equal(status, 201, JSON.stringify(created));
    return `/runs/${encodeURIComponent(created.runId)}`;
  }

  /** Reads an event stream to its end. */
  async frames(
    run: string,
    query = "streamMode=debug",
    headers?: Record<string, string>,
  ): Promise<Frame[]> {
    const { status, body } = await this.get(`${run}/events?${query}`, headers);
    assert.equal(status, 200, JSON.stringify(body));
    return parseFrames(body);
  }

  /** The whole log of a run, once it is finished. */
  // deno-lint-ignore no-explicit-any
  async log(run: string): Promise<any[]> {
    return (await this.frames(run)).map(({ data }) => data);
  }

  /** What is in the log by now. */
  // deno-lint-ignore no-explicit-any
  async soFar(run: string): Promise<any[]> {
    return (await this.get(`${run}/events/poll?timeout=1`)).body.events;
  }

  /** The snapshot, as soon as the run has `status`. No time passes. */
  async reach(run: string, status: string): Promise<Answer["body"]> {
    let last = "";
    return await found(async () => {
      const { body } = await this.get(run);
      last = body.status;
      return last === status ? body : undefined;
    }, () => `the run never became ${status}, it is ${last}`);
  }

  accept(run: string, node = "gate", more: JsonObject = {}): Promise<Answer> {
    return this.post(`${run}/interrupts/${node}`, {
      resumeValue: { action: "accept", ...more },
    });
  }
}

export function parseFrames(text: string): Frame[] {
  return text.split("\n\n").flatMap((block) => {
    const fields = new Map(
      block.split("\n").filter((line) => !line.startsWith(":"))
        .map((line) => line.split(/: (.*)/s) as [string, string]),
    );
    const data = fields.get("data");
    if (data === undefined) return [];
    return [{
      id: Number(fields.get("id")),
      event: fields.get("event") ?? "",
      data: JSON.parse(data),
    }];
  });
}

/** v2 §12.1: `error`, `message`, perhaps `details`, nothing else. */
export function assertEnvelope(body: Record<string, unknown>): void {
  const { error, message, details, ...rest } = body;
  assert.deepEqual(rest, {});
  assert.match(String(error), /^(tutti\.)?[a-z_]+$/);
  assert.ok(typeof message === "string" && message !== "");
  assert.ok(!message.endsWith("."));
  assert.ok(details === undefined || typeof details === "object");
  assert.doesNotMatch(JSON.stringify(body), /\.ts:|\.js:|at async/);
}

/** Opaque ids that count. */
export function countingIds(prefix = "run"): () => string {
  let count = 0;
  return () => `${prefix}-${String(++count).padStart(16, "0")}`;
}
