import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  ChannelDeclaration,
  JsonObject,
  JsonValue,
} from "../../../src/openwop/protocol/mod.ts";
import {
  checkExecutable,
  fold,
  initialState,
} from "../../../src/engine/mod.ts";
import { define, edge, node, Performer, plain, start } from "./support.ts";

/** Writes the values in a row and gives what the channel then holds. */
function written(
  declared: ChannelDeclaration,
  values: readonly JsonValue[],
  config: JsonObject = {},
): Performer {
  const ids = values.map((_, index) => `w${index}`);
  return Performer.started(define(
    ids.map((id, index) =>
      node(id, "core.channelWrite", {
        config: { channelName: "c", ...config },
        inputs: { value: { type: "static", value: values[index]! } },
      })
    ),
    ids.slice(1).map((id, index) => edge(ids[index]!, id)),
    { channels: { c: declared } },
  ));
}

const reducers: readonly (readonly [
  ChannelDeclaration,
  readonly JsonValue[],
  JsonValue,
])[] = [
  [{ reducer: "replace" }, [1, 2], 2],
  [{ reducer: "append" }, [1, [2]], [1, [2]]],
  [{ reducer: "append", maxSize: 2 }, [1, 2, 3], [2, 3]],
  [{ reducer: "append", default: [0] }, [1], [0, 1]],
  [{ reducer: "merge" }, [{ a: 1, b: 1 }, { b: 2 }], { a: 1, b: 2 }],
  [{ reducer: "counter" }, [1, 2, -4], -1],
  [{ reducer: "counter", default: 10 }, [1], 11],
  [{ reducer: "votes" }, [{ voter: "a", vote: 1 }, { voter: "b" }, {
    voter: "a",
    vote: 2,
  }], [
    { voter: "b" },
    { voter: "a", vote: 2 },
  ]],
  [{ reducer: "feedback" }, [{ text: "x" }, { text: "x" }], [
    { text: "x" },
    { text: "x" },
  ]],
  [{ reducer: "message" }, [{ messageId: "1" }, { messageId: "2" }, {
    messageId: "1",
  }], [
    { messageId: "1" },
    { messageId: "2" },
  ]],
  [{ reducer: "vendor.acme.last" }, [1, 2], 2],
];

for (const [declared, values, state] of reducers) {
  test(`fold() reduces ${JSON.stringify(values)} when the channel is ${JSON.stringify(declared)}`, () => {
    const run = written(declared, values);
    assert.equal(run.state.status, "completed");
    assert.deepEqual(run.state.channels["c"], state);
    const events = run.log.filter(({ type }) => type === "channel.written");
    assert.equal(events.length, values.length);
    assert.deepEqual(
      events.map(({ payload }) => (payload as JsonObject)["reducer"]),
      values.map(() => declared.reducer),
    );
  });
}

test("fold() keeps a channel that nobody declared by what its writers say", () => {
  const run = Performer.started(define([
    node("a", "core.channelWrite", {
      config: { channelName: "loose", reducer: "append", value: 1, maxSize: 1 },
    }),
    node("b", "core.channelWrite", {
      config: { channelName: "loose", reducer: "append", value: 2, maxSize: 1 },
    }),
  ], [edge("a", "b")]));
  assert.deepEqual(run.state.channels["loose"], [2]);
});

test("fold() drops entries that are too old when something is written, by the recorded times", () => {
  // Events are a second apart.
  const run = written({ reducer: "append", ttlMs: 4_000 }, ["a", "b", "c"]);
  const entries = run.state.channels["c"] as readonly JsonObject[];
  assert.deepEqual(entries.map(({ value }) => value), ["b", "c"]);
  const times = run.log.flatMap((event) =>
    event.type === "channel.written" ? [Date.parse(event.timestamp)] : []
  );
  assert.deepEqual(entries.map(({ _ts }) => _ts), times.slice(1));
  assert.ok(times[0]! >= start);
  const again = fold(run.definition, initialState(run.definition), run.log);
  assert.deepEqual(plain(again), plain(run.state));
});

test("decide() lets nodes read what was written right before them, with its time", () => {
  const run = Performer.started(define(
    [
      node("w", "core.channelWrite", {
        config: { channelName: "c", value: "x" },
      }),
      node("r", "core.end", {
        inputs: { got: { type: "variable", variableName: "c.0._ts" } },
      }),
    ],
    [edge("w", "r")],
    { channels: { c: { reducer: "votes", ttlMs: 1_000 } } },
  ));
  // A vote without a voter is refused: the reducer wants objects.
  assert.equal(run.state.error?.code, "validation_error");
  const append = Performer.started({
    ...run.definition,
    channels: { c: { reducer: "append", ttlMs: 1_000 } },
  });
  const [event] = append.log.filter(({ type }) => type === "channel.written");
  assert.deepEqual(append.state.outputs, { got: Date.parse(event!.timestamp) });
});

for (
  const [declared, value] of [
    [{ reducer: "counter" }, "1"],
    [{ reducer: "merge" }, [1]],
    [{ reducer: "votes" }, "me"],
    [{ reducer: "append", schema: { type: "number" } }, "x"],
    [{ reducer: "replace", schema: { type: "array" } }, "x"],
  ] as const
) {
  test(`decide() refuses to write ${JSON.stringify(value)} when the channel is ${JSON.stringify(declared)}`, () => {
    const run = written(declared, [value]);
    assert.equal(run.state.error?.code, "validation_error");
    assert.equal(run.log.some(({ type }) => type === "channel.written"), false);
  });
}

test("decide() takes the schema of a list for its entries, as the protocol's own definitions write it", () => {
  const declared = { reducer: "append", schema: { type: "array" } } as const;
  assert.equal(written(declared, [1]).state.status, "completed");
});

test("decide() keeps readers and writers apart", () => {
  const access = { readers: ["local.reader.*"], writers: ["w0"] };
  const flow = (reader: string) =>
    Performer.started(define(
      [
        node("w0", "core.channelWrite", {
          config: { channelName: "c", value: 1 },
        }),
        node("r", reader, {
          inputs: { x: { type: "variable", variableName: "c" } },
        }),
      ],
      [edge("w0", "r")],
      { channels: { c: { reducer: "replace", access } } },
    ));
  assert.deepEqual(flow("local.reader.one").running[0]?.inputs, { x: 1 });
  assert.equal(flow("local.other").state.error?.code, "channel_access_denied");
  const stranger = Performer.started(define(
    [node("w1", "core.channelWrite", {
      config: { channelName: "c", value: 1 },
    })],
    [],
    { channels: { c: { reducer: "replace", access } } },
  ));
  assert.equal(stranger.state.error?.code, "channel_access_denied");
});

test("decide() folds a repeated message once", () => {
  const run = Performer.started(define(
    [node("m", "core.identity", { config: { emitDuplicateMessageId: true } })],
    [],
    {
      channels: { messages: { reducer: "message", schema: { type: "array" } } },
    },
  ));
  const messages = run.state.channels["messages"] as readonly JsonObject[];
  assert.deepEqual(messages.map(({ messageId }) => messageId), ["m1", "m2"]);
  assert.equal(
    run.log.filter(({ type }) => type === "channel.written").length,
    3,
  );
});

test("checkExecutable() refuses channels that cannot be kept and writers that say otherwise", () => {
  const found = (declared: ChannelDeclaration, reducer = "append") =>
    checkExecutable(
      define(
        [node("w", "core.channelWrite", {
          config: { channelName: "c", reducer },
        })],
        [],
        { channels: { c: declared } },
      ),
      () => false,
    ).map(({ code }) => code);
  assert.deepEqual(found({ reducer: "append" }), []);
  assert.deepEqual(found({ reducer: "average" }, "average"), [
    "channel-impossible",
  ]);
  assert.deepEqual(found({ reducer: "append", ttlMs: 0 }), [
    "channel-impossible",
  ]);
  assert.deepEqual(found({ reducer: "append", maxSize: 0.5 }), [
    "channel-impossible",
  ]);
  assert.deepEqual(found({ reducer: "replace" }), ["node-config"]);
  assert.deepEqual(
    found({ reducer: "append", schema: { pattern: "(a+)+" } }),
    ["schema-refused"],
  );
});
