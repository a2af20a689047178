import assert from "node:assert/strict";
import test from "node:test";
import fc from "../../support/properties.ts";
import {
  applyPatch,
  ensureParents,
  weigh,
} from "../../../src/flux0/protocol/patch.ts";
import type { Document } from "../../../src/flux0/protocol/patch.ts";
import { sortedText } from "../../../src/flux0/protocol/text.ts";
import type { JsonPatch } from "@tutti/sdk/flux0";
import { withParents } from "../../support/flux0_documents.ts";
import { canonical, referencePatch } from "../../support/json_patch.ts";
import type { Json } from "../../support/json_patch.ts";

const plenty = () => ({ left: 1e9 });

/** Member names with everything that a pointer has to escape, and what prototypes have. */
const name = fc.constantFrom(
  ..."a b ~ / ~1 a/b 0 1 10 - constructor toString hasOwnProperty".split(" "),
  "",
  "é🌈",
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, -1.5, "", "text"),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(name, tie("json"), { maxKeys: 4 }),
  ),
}));

/** Every pointer into a value, the root first. */
function pointersOf(value: unknown, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [at];
  return [
    at,
    ...Object.entries(value).flatMap(([key, inner]) =>
      pointersOf(
        inner,
        `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      )
    ),
  ];
}

/** An operation: mostly one that can be done, because it goes by what is there. */
function patchFor(
  document: Json | undefined,
  pick: (most: number) => number,
  value: Json,
  extra: string,
): JsonPatch {
  const all = document === undefined ? [""] : pointersOf(document);
  const at = (): string => all[pick(all.length)]!;
  const escaped = extra.replaceAll("~", "~0").replaceAll("/", "~1");
  const place = (): string => pick(2) === 0 ? at() : `${at()}/${escaped}`;
  const wire = value as NonNullable<JsonPatch["value"]>;
  switch (pick(8)) {
    case 0:
      return { op: "remove", path: at() };
    case 1:
      return { op: "test", path: at(), value: wire };
    case 2:
      return { op: "move", path: place(), from: at() };
    case 3:
      return { op: "copy", path: place(), from: at() };
    case 4:
    case 5:
      return { op: "replace", path: at(), value: wire };
    default:
      return { op: "add", path: place(), value: wire };
  }
}

const steps = fc.array(
  fc.tuple(
    fc.infiniteStream(fc.nat({ max: 1_000 })),
    json,
    fc.oneof(name, fc.constant("-")),
  ),
  { maxLength: 12 },
);

test("applyPatch() does to any document what a reference implementation of RFC 6902 does", () => {
  let done = 0;
  let refused = 0;
  fc.assert(
    fc.property(json, steps, (start, steps) => {
      let wanted: Json | undefined = start;
      let mine = structuredClone(start) as Document | undefined;
      for (const [numbers, value, extra] of steps) {
        const pick = (most: number): number => numbers.next().value % most;
        const patch = patchFor(wanted, pick, value, extra);
        let next: Json | undefined;
        try {
          next = referencePatch(wanted, patch as never);
        } catch {
          const copy = mine === undefined ? mine : structuredClone(mine);
          assert.throws(() => applyPatch(copy, patch, plenty()), RangeError);
          // All of an operation or nothing of it.
          assert.equal(canonical(copy), canonical(mine), canonical(patch));
          refused++;
          continue;
        }
        mine = applyPatch(mine, structuredClone(patch), plenty());
        wanted = next;
        assert.equal(canonical(mine), canonical(wanted), canonical(patch));
        done++;
      }
    }),
    { numRuns: 3_000 },
  );
  assert.ok(done > 5_000 && refused > 500, `${done} done, ${refused} refused`);
});

test("ensureParents() makes the parents that the server makes, for any path", () => {
  const part = fc.constantFrom(
    ..."a b 0 1 07 3 - a~1b ~0 constructor".split(" "),
    "",
  );
  const path = fc.array(part, { maxLength: 5 })
    .map((parts) => parts.map((each) => `/${each}`).join(""));
  fc.assert(
    fc.property(fc.option(json, { nil: undefined }), path, (start, path) => {
      let wanted: Json | undefined;
      try {
        wanted = withParents(start, path);
      } catch {
        assert.throws(
          () =>
            ensureParents(structuredClone(start) as Document, path, plenty()),
          RangeError,
        );
        return;
      }
      const mine = ensureParents(
        structuredClone(start) as Document,
        path,
        plenty(),
      );
      assert.equal(canonical(mine), canonical(wanted));
    }),
    { numRuns: 3_000 },
  );
});

test("applyPatch() follows the examples of RFC 6902, appendix A", () => {
  const cases: [unknown, unknown[], unknown][] = [
    [{ foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], {
      foo: "bar",
      baz: "qux",
    }],
    [{ foo: ["bar", "baz"] }, [{ op: "add", path: "/foo/1", value: "qux" }], {
      foo: ["bar", "qux", "baz"],
    }],
    [{ foo: ["bar", "qux", "baz"] }, [{ op: "remove", path: "/foo/1" }], {
      foo: ["bar", "baz"],
    }],
    [{ foo: { bar: "baz", waldo: "fred" }, qux: { corge: "grault" } }, [
      { op: "move", from: "/foo/waldo", path: "/qux/thud" },
    ], { foo: { bar: "baz" }, qux: { corge: "grault", thud: "fred" } }],
    [{ foo: ["all", "grass", "cows", "eat"] }, [
      { op: "move", from: "/foo/1", path: "/foo/3" },
    ], { foo: ["all", "cows", "eat", "grass"] }],
    [{ baz: "qux" }, [{ op: "test", path: "/baz", value: "bar" }], undefined],
    [{ foo: "bar" }, [{ op: "add", path: "/baz/bat", value: 1 }], undefined],
    [{ "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: 10 }], {
      "/": 9,
      "~1": 10,
    }],
    [{ "/": 9, "~1": 10 }, [
      { op: "test", path: "/~01", value: "10" },
    ], undefined],
    [{ foo: ["bar"] }, [{ op: "add", path: "/foo/-", value: ["abc"] }], {
      foo: ["bar", ["abc"]],
    }],
    [null, [{ op: "test", path: "", value: null }], null],
    [[1], [{ op: "replace", path: "/1", value: 2 }], undefined],
    [[1], [{ op: "add", path: "/01", value: 2 }], undefined],
    [[1], [{ op: "add", path: "/1e0", value: 2 }], undefined],
    [{}, [{ op: "add", path: "a", value: 2 }], undefined],
    [{}, [{ op: "add", path: "/~2", value: 2 }], undefined],
    [{}, [{ op: "add", path: "/a" }], undefined],
    [{}, [{ op: "spin", path: "/a", value: 1 }], undefined],
    [{}, [{ op: "add", path: 7, value: 1 }], undefined],
    [{ a: 1 }, [{ op: "copy", path: "/b" }], undefined],
    [{ a: { b: 1 } }, [{ op: "move", from: "/a", path: "/a/c" }], undefined],
    [{ a: 1 }, [{ op: "move", from: "/a", path: "/a" }], { a: 1 }],
  ];
  for (const [start, patches, wanted] of cases) {
    const act = (): unknown =>
      patches.reduce<Document | undefined>(
        (document, patch) => applyPatch(document, patch as never, plenty()),
        start as Document,
      );
    if (wanted === undefined) assert.throws(act, RangeError);
    else assert.deepEqual(act(), wanted);
  }
});

test("applyPatch() cannot reach a prototype", () => {
  const paths = [
    "/__proto__/polluted",
    "/__proto__",
    "/constructor/prototype/polluted",
    "/list/__proto__/polluted",
    "/list/constructor/prototype/polluted",
    "/a/__proto__/__proto__/polluted",
    "/toString/polluted",
  ];
  for (const op of ["add", "replace", "copy", "move"] as const) {
    for (const path of paths) {
      let document: Document | undefined = { list: [], a: {}, from: {} };
      try {
        document = ensureParents(document, path, plenty());
        document = applyPatch(
          document,
          { op, path, from: "/from", value: { evil: true } },
          plenty(),
        );
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
      assert.equal(Object.getPrototypeOf(document), Object.prototype);
      for (const value of [{}, [], () => {}]) {
        assert.equal("polluted" in value, false);
        assert.equal("evil" in value, false);
      }
    }
  }
  for (const from of ["/__proto__", "/constructor", "/toString/name"]) {
    for (const op of ["copy", "move", "test"] as const) {
      const document = { a: 1 };
      assert.throws(
        () => applyPatch(document, { op, path: "/b", from }, plenty()),
        RangeError,
      );
    }
  }
});

test("applyPatch() and ensureParents() are bounded in depth, size and index", () => {
  const deep = "/a".repeat(501);
  assert.throws(() => ensureParents({}, deep, plenty()), /deep/);
  assert.throws(
    () => ensureParents({}, "/".repeat(1e6) + "x", plenty()),
    /deep/,
  );
  let nested: Document = 1;
  for (let depth = 0; depth < 501; depth++) nested = [nested];
  assert.throws(() => weigh(nested), /deep/);
  const add = { op: "add", path: "/a", value: nested } as const;
  assert.throws(() => applyPatch({}, add, plenty()), /deep/);
  assert.throws(() => ensureParents([], "/100001/a", plenty()), /large/);
  assert.throws(
    () => ensureParents([], "/99999999999999999999/a", plenty()),
    /large/,
  );
  // To pad costs.
  const room = { left: 1_000_000 };
  ensureParents([], "/30000/a", room);
  assert.throws(() => ensureParents([], "/30000/a", room), /large/);
  // To copy what is there costs, or it would grow without end.
  const small = { left: 100_000 };
  let document: Document | undefined = { a: ["0123456789"] };
  assert.throws(() => {
    for (let round = 0; round < 400; round++) {
      document = applyPatch(
        document,
        { op: "copy", from: "/a", path: "/a/-" },
        small,
      );
    }
  }, /large/);
  assert.ok(weigh(document) < 200_000);
});

test("applyPatch() gives back what a value took that is replaced or removed", () => {
  const room = { left: 200 };
  let document: Document | undefined = "x".repeat(100);
  for (let round = 0; round < 50; round++) {
    document = applyPatch(document, {
      op: "replace",
      path: "",
      value: String(round).repeat(50),
    }, room);
  }
  document = applyPatch(document, { op: "replace", path: "", value: {} }, room);
  for (let round = 0; round < 50; round++) {
    document = applyPatch(document, {
      op: "add",
      path: "/a",
      value: "y".repeat(60),
    }, room);
    document = applyPatch(document, { op: "remove", path: "/a" }, room);
  }
  assert.deepEqual(document, {});
});

test("sortedText() is the same for what says the same, and takes null for none where it is loose", () => {
  const isSame = (one: unknown, other: unknown, loose = false): boolean =>
    sortedText(one, loose) === sortedText(other, loose);
  assert.ok(isSame({ a: 1, b: [2, null] }, { b: [2, null], a: 1 }));
  assert.ok(!isSame({ a: 1 }, { a: 1, b: null }));
  assert.ok(isSame({ a: 1 }, { a: 1, b: null }, true));
  assert.ok(isSame({ a: { b: null } }, { a: {} }, true));
  assert.ok(!isSame([1], { 0: 1 }));
  assert.ok(!isSame([1], [1, 2], true));
  assert.ok(!isSame({}, null, true));
  assert.ok(!isSame({ toString: 1 }, {}, true));
  assert.ok(!isSame([null], [], true));
  assert.ok(isSame([{ a: 1 }], [{ a: 1, error: null }], true));
  assert.ok(!isSame([{ a: 1 }], [{ a: 1, error: 0 }], true));
  const forged = JSON.parse('{"__proto__":{"a":1},"b":2}');
  assert.ok(isSame(forged, JSON.parse('{"b":2,"__proto__":{"a":1}}')));
  assert.ok(!isSame(forged, { b: 2 }, true));
});
