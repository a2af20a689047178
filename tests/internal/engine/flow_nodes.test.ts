import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/properties.ts";
import type {
  JsonObject,
  JsonValue,
  PortValue,
} from "../../../src/openwop/protocol/mod.ts";
import { checkExecutable } from "../../../src/engine/mod.ts";
import { define, edge, node, Performer, timeOf } from "./support.ts";

function ports(inputs: JsonObject): Record<string, PortValue> {
  return Object.fromEntries(
    Object.entries(inputs).map((
      [port, value],
    ) => [port, { type: "static", value }]),
  );
}

function perform(
  typeId: string,
  inputs: JsonObject,
  config: JsonObject = {},
): Performer {
  return Performer.started(
    define([node("n", typeId, { config, inputs: ports(inputs) })]),
  );
}

const table:
  readonly (readonly [string, JsonObject, JsonObject, JsonObject])[] = [
    ["core.flow.if", { value: 3 }, { predicate: { op: "gt", value: 2 } }, {
      branch: "then",
      matched: true,
      value: 3,
    }],
    ["core.conditional", { value: { a: 1 } }, {
      predicate: { path: "value.a", op: "eq", value: 2 },
    }, { branch: "else", matched: false, value: { a: 1 } }],
    ["core.flow.switch", { value: "b" }, { cases: { a: "x", b: "y" } }, {
      label: "y",
      matched: true,
      value: "b",
    }],
    ["core.flow.switch", { value: 7 }, { cases: { "7": "seven" } }, {
      label: "seven",
      matched: true,
      value: 7,
    }],
    ["core.flow.switch", { value: "__proto__" }, {
      cases: {},
      default: "otherwise",
    }, { label: "otherwise", matched: false, value: "__proto__" }],
    ["core.flow.router", { value: 5 }, {
      routes: [
        { label: "low", predicate: { op: "lt", value: 3 } },
        { label: "odd", predicate: { op: "in", value: [1, 3, 5] } },
        { label: "any" },
      ],
      mode: "all-match",
    }, { branches: ["odd", "any"], value: 5 }],
    ["core.parallel", { value: 5 }, {
      routes: [{ label: "a" }, { label: "b" }],
    }, { branches: ["a"], value: 5 }],
    ["core.flow.router", { value: 5 }, {
      routes: [{ label: "a", predicate: { op: "falsy" } }],
      defaultLabel: "none",
    }, { branches: ["none"], value: 5 }],
    ["tutti.condition", { a: 1, b: 1 }, {
      predicate: {
        all: [
          { path: "a", op: "eq", valuePath: "b" },
          { not: { path: "c", op: "exists" } },
          {
            any: [{ path: "a", op: "gt", value: 9 }, {
              path: "b",
              op: "lte",
              value: 1,
            }],
          },
        ],
      },
    }, { matched: true }],
    ["core.flow.filter", { items: [{ n: 1 }, { n: 2 }, { n: 3 }] }, {
      predicate: { path: "n", op: "gte", value: 2 },
    }, { items: [{ n: 2 }, { n: 3 }], count: 2 }],
    ["core.flow.filter", { items: [1, "a", 2] }, {
      predicate: { op: "lt", value: 2 },
    }, { items: [1], count: 1 }],
    ["core.flow.merge", { a: [1], b: [2, 3] }, {}, {
      items: [1, 2, 3],
      count: 3,
    }],
    ["core.merge", { a: [{ id: 1, x: 1 }], b: [{ id: 1, y: 2 }, { id: 2 }] }, {
      mode: "combine-by-key",
      key: "id",
    }, { items: [{ id: 1, x: 1, y: 2 }, { id: 2 }], count: 2 }],
    ["core.flow.merge", { a: [{ x: 1 }, { x: 2 }], b: [{ y: 1 }] }, {
      mode: "combine-by-position",
    }, { items: [{ x: 1, y: 1 }, { x: 2 }], count: 2 }],
    ["core.flow.merge", { a: [{ x: 1 }, { x: 2 }], b: [{ y: 1 }] }, {
      mode: "multiplex",
    }, { items: [{ x: 1, y: 1 }, { x: 2, y: 1 }], count: 2 }],
    [
      "core.flow.merge",
      { a: 1, b: 2 },
      { mode: "choose-branch", branch: "b" },
      {
        value: 2,
      },
    ],
    ["core.flow.sort", { items: [3, "b", 1, "a"] }, {}, {
      items: [1, 3, "a", "b"],
      count: 4,
    }],
    ["core.flow.sort", { items: [{ n: 1 }, { n: 2 }] }, {
      path: "n",
      order: "desc",
    }, {
      items: [{ n: 2 }, { n: 1 }],
      count: 2,
    }],
    ["core.flow.limit", { items: [1, 2, 3, 4] }, { count: 2, offset: 1 }, {
      items: [2, 3],
      count: 2,
    }],
    ["core.flow.limit", { items: [1, 2, 3, 4] }, { count: 3, from: "end" }, {
      items: [2, 3, 4],
      count: 3,
    }],
    [
      "core.flow.distinct",
      { items: [{ a: 1, b: 2 }, { b: 2, a: 1 }, 1, "1", 1] },
      {},
      {
        items: [{ a: 1, b: 2 }, 1, "1"],
        count: 3,
      },
    ],
    ["core.flow.split-in-batches", { items: [1, 2, 3] }, { size: 2 }, {
      batches: [[1, 2], [3]],
      count: 2,
    }],
    ["core.flow.repeater", { value: "x" }, { times: 3 }, {
      items: ["x", "x", "x"],
      count: 3,
    }],
    ["core.flow.aggregate-sum", { items: [{ n: 1 }, { n: 2 }, {}] }, {
      path: "n",
    }, {
      value: 3,
      count: 3,
    }],
    ["core.flow.aggregate-count", { items: [1, 2] }, {}, {
      value: 2,
      count: 2,
    }],
    ["core.flow.aggregate-avg", { items: [1, 2, "x"] }, {}, {
      value: 1.5,
      count: 3,
    }],
    ["core.flow.aggregate-min", { items: [3, 1, 2] }, {}, {
      value: 1,
      count: 3,
    }],
    ["core.flow.aggregate-max", { items: [] }, {}, { value: null, count: 0 }],
    ["core.flow.aggregate-list", { items: [{ n: [1] }] }, { path: "n" }, {
      value: [[1]],
      count: 1,
    }],
    ["core.flow.noop", { a: 1 }, {}, { a: 1 }],
    ["core.getVariable", {}, { name: "configurable.x" }, {}],
  ];

for (const [typeId, inputs, config, outputs] of table) {
  test(`decide() performs ${typeId} when it gets ${JSON.stringify(inputs)}`, () => {
    const run = perform(typeId, inputs, config);
    assert.equal(run.state.error, undefined);
    assert.deepEqual(run.state.outputs, outputs);
  });
}

const refused: readonly (readonly [string, JsonObject, JsonObject])[] = [
  ["core.flow.if", { value: 1 }, { predicate: { op: "almost" } }],
  ["core.flow.filter", { items: 1 }, { predicate: { op: "truthy" } }],
  ["core.flow.sort", {}, {}],
  ["core.flow.limit", { items: [] }, { count: -1 }],
  ["core.flow.split-in-batches", { items: [] }, { size: 0 }],
  ["core.flow.repeater", {}, { times: 10_001 }],
  ["core.flow.switch", { value: 1 }, {}],
  ["core.flow.router", { value: 1 }, { routes: [{}] }],
  ["core.merge", { a: 1 }, { mode: "sql-query" }],
  ["core.flow.merge", {
    a: Array.from({ length: 101 }, () => ({})),
    b: Array.from({ length: 101 }, () => ({})),
  }, { mode: "multiplex" }],
];

for (const [typeId, inputs, config] of refused) {
  test(`decide() fails ${typeId} when its config is ${JSON.stringify(config)} or its inputs are none`, () => {
    const { error } = perform(typeId, inputs, config).state;
    assert.equal(error?.code, "config_validation_failed");
    assert.equal(error?.retryable, false);
  });
}

test("decide() fails with the given error when a node stops, breaks or rolls back", () => {
  const stop = perform("core.flow.stop-and-error", { details: { a: 1 } }, {
    code: "no_stock",
    message: "nothing left",
  });
  assert.deepEqual(stop.state.error, {
    code: "no_stock",
    message: "nothing left",
    details: { a: 1 },
    retryable: false,
  });
  for (
    const typeId of [
      "core.flow.error-handler-break",
      "core.flow.error-handler-rollback",
    ]
  ) {
    const run = perform(typeId, { error: { code: "x_y", message: "m" } });
    assert.equal(run.state.error?.code, "x_y");
  }
});

test("decide() routes a failure to its handler and carries the error along", () => {
  const run = Performer.started(define(
    [
      node("pay"),
      node("resume", "core.flow.error-handler-resume"),
      node("ok", "core.noop"),
    ],
    [
      edge("pay", "resume", {
        triggerRule: "any_failed",
        sourceOutput: "error",
        targetInput: "error",
      }),
      edge("pay", "ok"),
    ],
  ));
  run.fail("pay", "declined");
  assert.equal(run.state.status, "completed");
  assert.deepEqual(run.node("resume").outputs, {
    error: { code: "declined", message: "Cannot do pay: it is broken" },
  });
  assert.equal(run.node("ok").status, "skipped");
});

test("decide() waits for seconds, for a moment or for a call", () => {
  const seconds = perform("core.flow.wait", {}, {
    mode: "duration",
    seconds: 90,
  });
  assert.deepEqual(seconds.timers, [
    { kind: "wait", nodeId: "n", since: timeOf(1), ms: 90_000 },
  ]);
  const moment = perform("core.flow.wait", {}, {
    mode: "until",
    timestamp: timeOf(61),
  });
  assert.deepEqual(moment.timers, [
    { kind: "wait", nodeId: "n", since: timeOf(1), ms: 60_000 },
  ]);
  moment.wake("n");
  assert.deepEqual(moment.state.outputs, { waitedMs: 60_000 });
  const call = perform("core.flow.wait", { order: 7 }, { mode: "webhook" });
  assert.equal(call.state.status, "waiting-external");
  assert.equal(call.answer("n", { order: 8 }).ok, false);
  assert.equal(call.answer("n", { order: 7, sum: 1 }).ok, true);
  assert.deepEqual(call.state.outputs, { order: 7, sum: 1 });
  const past = perform("core.flow.wait", {}, {
    mode: "until",
    timestamp: timeOf(0),
  });
  assert.equal(past.timers[0]?.ms, 0);
  const wrong = perform("core.flow.wait", {}, {
    mode: "until",
    timestamp: "soon",
  });
  assert.equal(wrong.state.error?.code, "config_validation_failed");
});

test("decide() never throws whatever a data node is given", () => {
  const types = [...new Set(table.map(([typeId]) => typeId))];
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
  const config = fc.dictionary(
    fc.constantFrom(
      "predicate",
      "cases",
      "routes",
      "mode",
      "key",
      "size",
      "path",
      "times",
    ),
    fc.oneof(
      json,
      fc.record({
        op: fc.constantFrom("eq", "lt", "in", "regex", "contains", "exists"),
        path: fc.constantFrom("value", "a.b", "__proto__", "toString"),
        value: json,
        valuePath: fc.constantFrom("value", "a"),
      }),
    ),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      config,
      fc.dictionary(fc.constantFrom("items", "value", "a"), json),
      (typeId, config, inputs) => {
        const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
        const run = perform(typeId, plain(inputs), plain(config));
        assert.ok(["completed", "failed"].includes(run.state.status));
        assert.equal(Object.hasOwn(Object.prototype, "a"), false);
      },
    ),
    { numRuns: 500 },
  );
});

test("checkExecutable() refuses predicates that are nested too deep or search for ever", () => {
  let deep: JsonObject = { op: "truthy" };
  for (let depth = 0; depth < 50; depth++) deep = { not: deep };
  const found = (predicate: JsonObject) =>
    checkExecutable(
      define([node("n", "tutti.condition", { config: { predicate } })]),
      () => false,
    ).map(({ message }) => message);
  assert.deepEqual(found({ op: "truthy" }), []);
  assert.match(found(deep)[0]!, /nested deeper/);
  assert.match(
    found({ op: "regex", value: "(x+)+y" })[0]!,
    /pattern is refused/,
  );
});

test("decide() fails a node whose predicate would search for ever, whatever that stands under", () => {
  const long = { a: "a".repeat(10_001), b: "a*b", value: "a".repeat(10_001) };
  const evil = { a: "x".repeat(100), b: "(x+)+y", value: 1 };
  const regex = { path: "a", op: "regex", valuePath: "b" };
  const under: readonly JsonObject[] = [
    regex,
    { not: regex },
    { not: { not: regex } },
    { not: { all: [{ op: "truthy" }, regex] } },
    { not: { any: [{ op: "falsy" }, regex] } },
    { any: [regex, { op: "truthy" }] },
  ];
  for (const predicate of under) {
    for (
      const [inputs, why] of [[long, /too long to search/], [
        evil,
        /pattern is refused/,
      ]] as const
    ) {
      const nodes: readonly (readonly [string, JsonObject, JsonObject])[] = [
        ["tutti.condition", inputs, { predicate }],
        ["core.flow.if", inputs, { predicate }],
        ["core.flow.router", inputs, { routes: [{ label: "x", predicate }] }],
        [
          "core.flow.filter",
          { items: [{ a: "z", b: "z", value: 1 }, inputs] },
          {
            predicate,
          },
        ],
      ];
      for (const [typeId, given, config] of nodes) {
        const { state } = perform(typeId, given, config);
        assert.equal(state.status, "failed", typeId);
        assert.match(state.error!.message, why);
      }
    }
  }
  // What decides without it needs it not.
  for (const predicate of [{ any: [{ op: "truthy" }, regex] }]) {
    const { state } = perform("tutti.condition", long, { predicate });
    assert.deepEqual(state.outputs, { matched: true });
  }
});
