import assert from "node:assert/strict";
import test from "node:test";
import fc from "../support/properties.ts";
import { createSseParser } from "@tutti/sdk/http";
import { Assembly, readFrame } from "@tutti/sdk/flux0";
import type { ChunkEvent, Draft, JsonPatch } from "@tutti/sdk/flux0";
import { Flux0Client } from "@tutti/sdk/flux0";
import { createScriptedFetch, eventReply } from "@tutti/sdk/testing";
import { Documents } from "../support/flux0_documents.ts";
import { pythonJson } from "../support/flux0_run.ts";
import { canonical, referencePatch } from "../support/json_patch.ts";
import type { Json } from "../support/json_patch.ts";

const meta = { agent_id: "aB3dE6gH9j", agent_name: "Meteo" };

function chunkOf(
  patches: readonly JsonPatch[],
  more: Partial<ChunkEvent> = {},
): ChunkEvent {
  return {
    correlation_id: "RID(a)::b",
    event_id: "e",
    seq: 0,
    patches,
    metadata: meta,
    timestamp: 0,
    ...more,
  };
}

/** Reads a stream in two pieces. */
function readCut(text: string, at: number): Assembly {
  const bytes = new TextEncoder().encode(text);
  const assembly = new Assembly(1_000_000);
  const parser = createSseParser({
    onFrame(frame) {
      const event = readFrame(frame);
      assert.equal(event.event, "chunk");
      if (event.event !== "chunk") return;
      assert.deepEqual(assembly.add(event.data).problems, []);
    },
  });
  parser.push(bytes.subarray(0, at % bytes.length));
  parser.push(bytes.subarray(at % bytes.length));
  return assembly;
}

function frameOf(chunk: ChunkEvent): string {
  return `event: chunk\ndata: ${pythonJson(chunk as unknown as Json)}\n\n`;
}

const plainName = fc.constantFrom(..."a b c é toString constructor".split(" "));
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Json>(
      null,
      true,
      0,
      1.5,
      "",
      "text",
      "\u{1f308}",
      "\ud83c",
    ),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(plainName, tie("json"), { maxKeys: 3 }),
  ),
}));

function placesOf(value: Json, at = ""): { path: string; value: Json }[] {
  return [
    { path: at, value },
    ...(typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, inner]) =>
        placesOf(inner, `${at}/${key}`)
      )
      : []),
  ];
}

/** A patch that can be done: puts a value beside, into or in the place of something that is there. */
function validPatch(
  document: Json,
  pick: (most: number) => number,
  value: Json,
  name: string,
): JsonPatch {
  const places = placesOf(document);
  const place = places[pick(places.length)]!;
  const wire = value as NonNullable<JsonPatch["value"]>;
  const inner = place.value;
  if (pick(3) > 0 && typeof inner === "object" && inner !== null) {
    const key = Array.isArray(inner)
      ? ["-", `${pick(inner.length + 1)}`][pick(2)]
      : name;
    return { op: "add", path: `${place.path}/${key}`, value: wire };
  }
  return { op: "replace", path: place.path, value: wire };
}

test("Assembly gives what a reference implementation of RFC 6902 gives, for any document, valid patches and any cut", () => {
  let patched = 0;
  fc.assert(
    fc.property(
      json,
      fc.array(
        fc.tuple(fc.infiniteStream(fc.nat({ max: 1_000 })), json, plainName),
        { maxLength: 12 },
      ),
      fc.nat(),
      (start, steps, at) => {
        let wanted = start;
        const first = { op: "add", path: "", value: start } as JsonPatch;
        const patches = [first];
        for (const [numbers, value, name] of steps) {
          const pick = (most: number): number => numbers.next().value % most;
          const patch = validPatch(wanted, pick, value, name);
          wanted = referencePatch(wanted, patch as never)!;
          patches.push(patch);
          patched++;
        }
        const text = patches.map((patch) => frameOf(chunkOf([patch]))).join("");
        const [draft] = readCut(text, at).drafts;
        assert.equal(canonical(draft?.value), canonical(wanted));
      },
    ),
    { numRuns: 2_000 },
  );
  assert.ok(patched > 4_000);
});

test("Assembly gives what a server stores, for any patches that it hands on and any cut", () => {
  const part = fc.constantFrom(..."a b 0 1 2 - toString".split(" "));
  const path = fc.oneof(
    fc.constantFrom("", "/", "/-", "/-"),
    fc.array(part, { minLength: 1, maxLength: 3 })
      .map((parts) => `/${parts.join("/")}`),
  );
  const patch = fc.record({
    op: fc.constantFrom("add", "add", "replace"),
    path,
    value: json,
  });
  const chunk = fc.record({
    event_id: fc.constantFrom("x", "x", "y"),
    seq: fc.nat({ max: 3 }),
    patches: fc.array(patch, { minLength: 1, maxLength: 2 }),
  });
  let taken = 0;
  fc.assert(
    fc.property(
      fc.array(chunk, { maxLength: 15 }),
      fc.nat(),
      (chunks, at) => {
        const documents = new Documents();
        const sent = chunks.filter(({ event_id, seq, patches }) =>
          documents.take({ id: event_id, seq, patches, meta })
        );
        taken += sent.length;
        const text = sent.map((each) =>
          frameOf(chunkOf(each.patches as JsonPatch[], each))
        ).join("");
        if (text === "") return;
        const assembly = readCut(text, at);
        for (const draft of assembly.drafts) {
          const stored = documents.finish(draft.id);
          assert.equal(canonical(draft.toEvent()), canonical(stored));
        }
      },
    ),
    { numRuns: 2_000 },
  );
  assert.ok(taken > 1_500, `${taken} chunks`);
});

test("Assembly tells by its deltas how the text grew, whatever comes", () => {
  const patch = fc.oneof(
    fc.record({
      op: fc.constant("add"),
      path: fc.constantFrom("/-", "/0", "/1", "/2"),
      value: json,
    }),
    fc.record({
      op: fc.constant("add"),
      path: fc.constant("/-"),
      value: fc.string(),
    }),
    fc.record({
      op: fc.constant("replace"),
      path: fc.constantFrom("", "/0"),
      value: json,
    }),
    fc.record({ op: fc.constant("remove"), path: fc.constantFrom("", "/0") }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.array(patch, { minLength: 1, maxLength: 3 }), {
        maxLength: 10,
      }),
      (chunks) => {
        const assembly = new Assembly(100_000);
        let before = "";
        for (const patches of chunks) {
          const { draft, delta } = assembly.add(
            chunkOf(patches as JsonPatch[]),
          );
          const value = draft.value as Json | undefined;
          const text = typeof value === "string"
            ? value
            : Array.isArray(value) &&
                value.every((item) => typeof item === "string")
            ? value.join("")
            : "";
          assert.equal(draft.text, text);
          if (delta === undefined) assert.ok(!text.startsWith(before));
          else assert.equal(before + delta, text);
          before = text;
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test("Assembly goes on after a patch that cannot be applied, and says which", () => {
  const assembly = new Assembly(10_000);
  const change = assembly.add(chunkOf([
    { op: "add", path: "/-", value: "a" },
    { op: "replace", path: "/7", value: "b" },
    { op: "add", path: "/-/x", value: "c" },
    { op: "add", path: "nowhere", value: "d" },
    { op: "nonsense" as "add", path: "", value: "e" },
    { op: "add", path: "/-" },
    { op: "add", path: 7 as unknown as string, value: "f" },
    { op: "add", path: "/-", value: "z" },
  ]));
  assert.equal(change.draft.text, "az");
  assert.equal(change.delta, "az");
  assert.deepEqual(change.problems, [
    "the list has no such place",
    "an object is wanted there",
    "the path is no JSON pointer",
    "the operation is unknown",
    "it has no value",
    "the path is no JSON pointer",
  ]);
});

test("Assembly goes by the metadata of the first chunk, whatever it is", () => {
  const add = [{ op: "add", path: "/-", value: "a" }] as const;
  const draftOf = (...all: unknown[]): Draft => {
    const assembly = new Assembly(10_000);
    for (const metadata of all) {
      assembly.add(chunkOf(add, { metadata } as Partial<ChunkEvent>));
    }
    return assembly.drafts[0]!;
  };
  const draft = draftOf({ ...meta, kind: "reasoning", a: 1 }, { kind: "x" });
  assert.equal(draft.type, "reasoning");
  assert.deepEqual(draft.participant, { id: "aB3dE6gH9j", name: "Meteo" });
  assert.deepEqual(draft.toEvent()?.metadata, { a: 1 });
  for (const nothing of [undefined, null, [], "x", {}]) {
    const draft = draftOf(nothing, meta);
    assert.equal(draft.participant, undefined);
    assert.equal(draft.toEvent(), undefined);
    assert.equal(draft.text, "aa");
  }
});

test("Assembly makes tool calls out of whatever an agent sends", () => {
  const partsOf = (value: unknown) => {
    const assembly = new Assembly(10_000);
    const patch = { op: "add", path: "", value } as JsonPatch;
    return assembly.add(chunkOf([patch])).draft;
  };
  for (const odd of [null, 7, "x", {}, [1, "x", null]]) {
    assert.deepEqual(partsOf({ tool_calls: odd }).parts, []);
    assert.deepEqual(partsOf({ tool_call_results: odd }).toolResults, []);
  }
  assert.deepEqual(partsOf({ tool_calls: [{}] }).parts, [
    { type: "tool_call", tool_call_id: null, tool_name: null, args: null },
  ]);
  assert.deepEqual(partsOf({ tool_call_results: [{ data: 7 }] }).toolResults, [{
    tool_call_id: null,
    tool_name: null,
    args: null,
    result: { data: null, metadata: {}, control: { mode: "auto" } },
    error: null,
  }]);
});

test("send() ends with an error when an answer is larger than it may be", async () => {
  const big = (value: unknown) => ({
    event: "chunk",
    data: chunkOf([{ op: "add", path: "/-", value: value as string }]),
  });
  const endless = (event: unknown) =>
    createScriptedFetch({
      replies: [eventReply(Array(2_000).fill(event), "stay")],
    }).fetch;
  const events = [
    big("x".repeat(100)),
    big([[], [], [], []]),
    big(7),
    {
      event: "chunk",
      data: chunkOf([{ op: "add", path: "/99999/a", value: 1 }]),
    },
    { event: "status", data: { data: { status: "x", data: "y".repeat(50) } } },
    { event: "chunk", data: "nonsense" },
  ];
  for (const event of events) {
    const client = new Flux0Client({ fetch: endless(event) });
    const turn = client.sessions.send("talk-00001", "Hi", {
      maxTurnSize: 1_000,
      reconcile: false,
    });
    await assert.rejects(turn.collect(), {
      code: "decode",
      message: /it is too large$/,
    });
    assert.equal(turn.closed, true);
  }
});

test("send() tells of patches that would change a prototype, and does not apply them", async () => {
  const chunk = chunkOf([
    { op: "add", path: "/a", value: 1 },
    { op: "add", path: "/__proto__/polluted", value: true },
    { op: "replace", path: "/__proto__", value: { polluted: true } },
    { op: "add", path: "/constructor/prototype/polluted", value: true },
  ]);
  const { fetch } = createScriptedFetch({
    replies: [
      eventReply([
        { event: "chunk", data: chunk },
        'event: chunk\ndata: {"event_id": "f", "metadata": {}, "patches": [{"op": "add", "path": "", "value": {"__proto__": {"polluted": true}}}]}\n\n',
      ]),
    ],
  });
  const client = new Flux0Client({ fetch });
  const turn = client.sessions.send("talk-00001", "Hi", { reconcile: false });
  const { warnings } = await turn.collect();
  assert.equal(warnings.length, 2);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  for (const { value } of turn.drafts) {
    assert.equal((value as { polluted?: boolean }).polluted, undefined);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
  }
});
