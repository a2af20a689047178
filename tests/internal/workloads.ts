// What scripts/check_linear.mjs counts the work of: each must take four times as many steps for four times the size.
import assert from "node:assert/strict";
import { scanMarkdown } from "../../examples/document_review/markdown/scan.ts";
import { maskEvent } from "../../src/engine/mask.ts";
import { schemaProblem } from "../../src/engine/schema.ts";
import { createSseParser } from "../../src/http/mod.ts";
import type { WorkflowDefinition } from "../../src/openwop/protocol/mod.ts";
import { checkDefinition } from "../../src/openwop/protocol/mod.ts";
import { define, edge, node } from "./engine/definitions.ts";
import {
  chain,
  delays,
  fan,
  list,
  loop,
  runEventByEvent,
} from "./engine/shapes.ts";

/** Work of any size. */
export interface Workload {
  /** The function and what it is given. */
  readonly name: string;
  /** Makes the input, which is not counted; what it gives back does the work. */
  readonly of: (size: number) => () => unknown;
  /** How many times the steps four times the size may take, where that is more than 4.3. */
  readonly most?: number;
}

type Shapes = readonly (readonly [
  name: string,
  shape: (size: number) => WorkflowDefinition,
  most?: number,
])[];

const runs: readonly Workload[] = ([
  ["steps in a row", (size) => chain(size, "test.work")],
  ["items, eight at a time", (size) => list(size, 8)],
  ["rounds of a loop", loop],
  // Each event looks at one word, or part of the roster, for every 32 nodes that are due or under way.
  ["built-in nodes in a row", (size) => chain(size, "core.noop")],
  ["branches and their join", fan, 4.7],
  ["delays at once", delays, 4.7],
  ["items at once", (size) => list(size, size), 5],
] as const satisfies Shapes).map(([name, shape, most]) => ({
  name: `plan() and fold() of ${name}`,
  of: (size) => {
    const definition = shape(size);
    return () => runEventByEvent(definition);
  },
  ...(most && { most }),
}));

/** Nodes in a row, or all in front of the last one, that read others. */
function reading(
  size: number,
  reads: (n: number) => readonly number[],
  isFan: boolean = false,
): WorkflowDefinition {
  const nodes = Array.from({ length: size }, (_, n) => {
    const ports = reads(n).filter((from) => from >= 0).map((from) =>
      [`p${from}`, {
        type: "connection",
        nodeId: `n${from}`,
        outputKey: "x",
      }] as const
    );
    return node(`n${n}`, "core.noop", { inputs: Object.fromEntries(ports) });
  });
  return define(
    nodes,
    nodes.slice(1).map(({ id }, n) =>
      edge(`n${n}`, isFan ? `n${size - 1}` : id)
    ),
  );
}

const definitions: readonly Workload[] = ([
  ["nodes in a row", (size) => chain(size, "core.noop")],
  ["branches and their join", fan],
  [
    "nodes that all read the first",
    (size) => reading(size, (n) => n > 1 ? [0] : []),
  ],
  ["nodes that read the last but one", (size) => reading(size, (n) => [n - 2])],
  [
    "a node that reads all in front of it",
    (size) => reading(size, (n) => n < size - 1 ? [] : [...Array(n).keys()]),
  ],
  [
    "a join that reads all",
    (size) =>
      reading(size, (n) => n < size - 1 ? [] : [...Array(n).keys()], true),
  ],
] as const satisfies Shapes).map(([name, shape]) => ({
  name: `checkDefinition() of ${name}`,
  of: (size) => {
    const definition = shape(size);
    return () => assert.deepEqual(checkDefinition(definition), []);
  },
}));

/** Streams in one piece, which is native work where there is no end of a line, and cut after each byte. */
const streams: readonly Workload[] = [
  "x\n",
  "x\r",
  ":\n",
  "data\r",
  "\n",
  "\r",
  "id\r\n",
  "data: {}\n\n",
  "data: ä\n",
  "data: no end",
].flatMap((line) =>
  (line.length > 9 ? [1] : [Infinity, 1]).map((length): Workload => ({
    name: `createSseParser() of ${JSON.stringify(line)} again and again, ${
      length === 1 ? "cut after each byte" : "in one piece"
    }`,
    of: (size) => {
      const bytes = new TextEncoder().encode(line.repeat(size));
      return () => {
        const parser = createSseParser({ onFrame() {} });
        for (let at = 0; at < bytes.length; at += length) {
          parser.push(bytes.subarray(at, at + length));
        }
        parser.end();
      };
    },
  }))
);

const documents: readonly Workload[] = [
  "[",
  "![",
  "[](",
  "`a``b",
  '<a "',
  "_a ",
  "- ",
  "* ",
  "[a][b]",
  "&",
  "a\n\n",
  "# a\n",
].map((trap) => ({
  name: `scanMarkdown() of ${JSON.stringify(trap)} again and again`,
  of: (size) => {
    const source = trap.repeat(size);
    return () => scanMarkdown(source);
  },
}));

const masks: readonly Workload[] = [{
  name: "maskEvent() of nodes that pass a secret on, the last one first",
  of: (size) => {
    const last = size - 1;
    const nodes = Array.from(
      { length: size },
      (_, n) =>
        node(`n${n}`, "core.noop", {
          inputs: {
            x: n < last
              ? { type: "connection", nodeId: `n${n + 1}`, outputKey: "x" }
              : { type: "variable", variableName: "secret" },
          },
        }),
    );
    const definition = define(
      nodes,
      nodes.slice(1).map(({ id }, n) => edge(id, `n${n}`)),
      { variables: [{ name: "secret", type: "string", sensitive: true }] },
    );
    const event = {
      eventId: "e",
      runId: "r",
      timestamp: "2026-01-01T00:00:00.000Z",
      sequence: 0,
      schemaVersion: 1,
      type: "run.completed",
      payload: { outputs: { x: "hidden" } },
    } as const;
    return () =>
      assert.deepEqual(maskEvent({ ...definition }, event).payload, {
        outputs: { x: "[redacted]" },
      });
  },
}];

const schemas: readonly Workload[] = [{
  name: "schemaProblem() of many entries",
  of: (size) => {
    const value = Array.from({ length: size }, (_, n) => ({ [`n${n}`]: n }));
    const schema = {
      items: { type: "object", additionalProperties: { minimum: 0 } },
    };
    return () => assert.equal(schemaProblem(schema, value), undefined);
  },
}];

export const workloads: readonly Workload[] = [
  ...runs,
  ...definitions,
  ...streams,
  ...documents,
  ...masks,
  ...schemas,
];
