import assert from "node:assert/strict";
import test from "node:test";
import fc from "../../support/properties.ts";
import library from "fast-json-patch";
import type { Operation } from "fast-json-patch";
import { createSseParser } from "@tutti/sdk/http";
import { Assembly, readFrame } from "@tutti/sdk/flux0";
import type { JsonPatch } from "@tutti/sdk/flux0";
import { applyPatch } from "../../../src/flux0/protocol/patch.ts";
import type { Document } from "../../../src/flux0/protocol/patch.ts";
import { canonical, referencePatch } from "../../support/json_patch.ts";
import type { Json } from "../../support/json_patch.ts";

// The library refuses members named __proto__, and paths through constructor/prototype, as ours does.
const names = [..."a b é toString constructor a/b ~ ~1 0 10".split(" "), ""];
const plain = names.filter((name) => !/[/~\d]|^$/.test(name));

/** Any JSON with such names. */
function jsonOf(names: readonly string[]): fc.Arbitrary<Json> {
  return fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom<Json>(null, true, 0, -1.5, "", "text", "\u{1f308}"),
      fc.array(tie("json"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...names), tie("json"), { maxKeys: 4 }),
    ),
  })).json;
}

function placesOf(value: Json, at = ""): { path: string; value: Json }[] {
  const inner = typeof value === "object" && value !== null
    ? Object.entries(value)
    : [];
  return [
    { path: at, value },
    ...inner.flatMap(([key, value]) =>
      placesOf(value, `${at}/${library.escapePathComponent(key)}`)
    ),
  ];
}

/** An operation that can be done in most cases. */
function operation(
  document: Json,
  pick: (most: number) => number,
  value: Json,
  name: string,
  ops: readonly JsonPatch["op"][],
): JsonPatch {
  const places = placesOf(document);
  const some = () => places[pick(places.length)]!;
  const inside = (): string => {
    const { path, value } = some();
    if (Array.isArray(value)) {
      return `${path}/${pick(2) ? "-" : pick(value.length + 1)}`;
    }
    return `${path}/${library.escapePathComponent(name)}`;
  };
  const op = ops[pick(ops.length)]!;
  const from = some().path;
  const wire = value as NonNullable<JsonPatch["value"]>;
  switch (op) {
    case "add":
      return { op, path: inside(), value: wire };
    case "copy":
    case "move":
      return { op, path: inside(), from };
    case "remove":
      return { op, path: from };
    case "test": {
      const { path, value } = some();
      return { op, path, value: value as typeof wire };
    }
    default:
      return { op, path: from, value: wire };
  }
}

const steps = (json: fc.Arbitrary<Json>, names: readonly string[]) =>
  fc.array(
    fc.tuple(
      fc.infiniteStream(fc.nat({ max: 1_000 })),
      json,
      fc.constantFrom(...names),
    ),
    { maxLength: 15 },
  );

/** What the library makes of a patch, `undefined` for one that cannot be done. */
function byLibrary(document: Json, patch: JsonPatch): Json | undefined {
  try {
    // A document that is nothing at all is null to the library; RFC 6902 does not say.
    if (referencePatch(document, patch as never) === undefined) {
      return undefined;
    }
  } catch {
    return undefined;
  }
  // Its own move looks at the target before it removes. RFC 6902 §4.4: "a remove, followed immediately by an add".
  const { op, path, from = "" } = patch;
  const all = op === "move" && path !== from
    ? [
      { op: "remove", path: from },
      { op: "add", path, value: library.getValueByPointer(document, from) },
    ]
    : [patch];
  return all.reduce<Json>(
    (document, patch) =>
      library.applyOperation(
        structuredClone(document),
        structuredClone(patch) as Operation,
        true,
      ).newDocument as Json,
    document,
  );
}

test("applyPatch() gives what fast-json-patch gives, for any document and all six operations", () => {
  const json = jsonOf(names);
  const ops = [
    "add",
    "add",
    "replace",
    "remove",
    "move",
    "copy",
    "test",
  ] as const;
  const done = new Map<string, number>();
  fc.assert(
    fc.property(json, steps(json, names), (start, steps) => {
      let wanted = start;
      let mine = structuredClone(start) as Document | undefined;
      for (const [numbers, value, name] of steps) {
        const pick = (most: number): number => numbers.next().value % most;
        const patch = operation(wanted, pick, value, name, ops);
        const next = byLibrary(wanted, patch);
        if (next === undefined) continue;
        wanted = next;
        mine = applyPatch(mine, structuredClone(patch), { left: 1e9 });
        assert.equal(canonical(mine), canonical(wanted), canonical(patch));
        done.set(patch.op, (done.get(patch.op) ?? 0) + 1);
      }
    }),
    { numRuns: 4_000 },
  );
  for (const op of ops) assert.ok(done.get(op)! > 500, `${op} ${done.get(op)}`);
});

test("Assembly gives what fast-json-patch gives, for any document, valid patches and any cut of the stream", () => {
  const json = jsonOf(plain);
  let done = 0;
  fc.assert(
    fc.property(json, steps(json, plain), fc.nat(), (start, steps, cut) => {
      let wanted = start;
      const patches = [{ op: "add", path: "", value: start } as JsonPatch];
      for (const [numbers, value, name] of steps) {
        const pick = (most: number): number => numbers.next().value % most;
        const ops = ["add", "add", "replace"] as const;
        const patch = operation(wanted, pick, value, name, ops);
        const next = byLibrary(wanted, patch);
        if (next === undefined) continue;
        wanted = next;
        patches.push(patch);
        done++;
      }
      const text = patches.map((patch) =>
        `event: chunk\ndata: ${
          JSON.stringify({
            correlation_id: "RID(a)::b",
            event_id: "e",
            seq: 0,
            patches: [patch],
            metadata: {},
          })
        }\n\n`
      ).join("");
      const bytes = new TextEncoder().encode(text);
      const assembly = new Assembly(1e9);
      const parser = createSseParser({
        onFrame(frame) {
          const event = readFrame(frame);
          assert.ok(event.event === "chunk");
          assert.deepEqual(assembly.add(event.data).problems, []);
        },
      });
      const at = cut % bytes.length;
      parser.push(bytes.subarray(0, at));
      parser.push(bytes.subarray(at));
      assert.equal(canonical(assembly.drafts[0]?.value), canonical(wanted));
    }),
    { numRuns: 3_000 },
  );
  assert.ok(done > 5_000, `${done}`);
});
