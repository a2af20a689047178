import assert from "node:assert/strict";
import test from "node:test";
import { fillPath, InvalidArgumentError, path, pathTag } from "@tutti/sdk/http";
import fc from "../support/properties.ts";

test("path`` keeps each value in one segment when it holds separators", () => {
  assert.equal(path`/a/${"x/y"}/b`, "/a/x%2Fy/b");
  assert.equal(path`/a/${"?q=1#f%"}`, "/a/%3Fq%3D1%23f%25");
  assert.equal(path`/a/${"ü😀"}`, "/a/%C3%BC%F0%9F%98%80");
  assert.equal(path`/a/${7}:fork`, "/a/7:fork");
  assert.equal(path`/a`, "/a");
});

test("path`` refuses what cannot be an id when it is handed in", () => {
  const bad = ["", ".", "..", "a\nb", "a\rb", "\0", "\ud800", "a\udc00b"];
  for (const id of bad) {
    assert.throws(
      () => path`/a/${id}`,
      (error) => InvalidArgumentError.is(error) && error.path !== "",
      JSON.stringify(id),
    );
  }
  const none = [undefined, null, true, {}, [], ["a"], Symbol("a")];
  for (const id of none) {
    assert.throws(() => path`/a/${id as never}`, InvalidArgumentError);
  }
});

test("path`` and fillPath() name the id that they refuse", () => {
  assert.throws(() => path`/a/${"b"}/c/${".."}`, { path: "path value 2" });
  assert.throws(() => fillPath("/a/{one}/{two}", ["b", ".."]), { path: "two" });
  assert.throws(() => fillPath("/a/{one}/{two}", ["b"]), { path: "two" });
});

test("fillPath() writes ids in their order, and in the way of the platform", () => {
  assert.equal(fillPath("/a/{one}/b/{two}:c", ["x/y", 7]), "/a/x%2Fy/b/7:c");
  const asked: unknown[] = [];
  const shout = (id: string, name: string): string => {
    asked.push([id, name]);
    return id.toUpperCase();
  };
  assert.equal(fillPath("/a/{one}/{two}", ["x", "y"], shout), "/a/X/Y");
  assert.deepEqual(asked, [["x", "one"], ["y", "two"]]);
});

test("path`` survives every URL parser when ids are arbitrary", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", minLength: 1 }), (id) => {
    let written: string;
    try {
      written = path`/a/${id}/z`;
    } catch (error) {
      return InvalidArgumentError.is(error);
    }
    const segments = new URL(`https://h${written}`).pathname.split("/");
    return segments.length === 4 && segments[3] === "z" &&
      decodeURIComponent(segments[2]!) === id;
  }));
});

test("pathTag() spells ids its own way when a platform asks for it", () => {
  const shout = pathTag((id) => id.toUpperCase());
  assert.equal(shout`/a/${"b"}/c`, "/a/B/c");
  assert.throws(() => shout`/a/${".."}`, { code: "invalid-argument" });
});
