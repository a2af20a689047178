import assert from "node:assert/strict";
import test from "node:test";
import fc from "../../support/properties.ts";
import { graphOf } from "../../../src/engine/graph.ts";
import { entriesOf, Marks, Roster } from "../../../src/engine/roster.ts";
import type { NodeState } from "../../../src/engine/mod.ts";
import { define, node } from "./support.ts";

const ids = Array.from({ length: 150 }, (_, n) => `n${n}`);
const graph = graphOf(define(ids.map((id) => node(id))));
const fresh = (): NodeState => ({ status: "running", visits: 1, attempt: 0 });

/** Any number of changes, to the same few nodes again and again. */
const changes = fc.array(
  fc.record({
    at: fc.nat(149),
    isMember: fc.boolean(),
    ends: fc.boolean(),
    branches: fc.boolean(),
  }),
  { maxLength: 600 },
);

test("Roster keeps what a set in the order of insertion keeps, whatever else was made of the same one", () => {
  fc.assert(fc.property(changes, (steps) => {
    const states = new Map<string, NodeState>();
    const expected = new Set<string>();
    let roster = new Roster();
    let edit = roster.edit();
    for (const { at, isMember, ends, branches } of steps) {
      const entry = graph.nodes[at]!;
      const before = states.get(entry.id) ?? fresh();
      const state = fresh();
      edit.put(entry, before, state, isMember);
      states.set(entry.id, state);
      if (isMember) expected.add(entry.id);
      else expected.delete(entry.id);
      if (!ends) continue;
      roster = edit.done();
      if (branches) {
        // What a decision looks at and throws away.
        const other = roster.edit();
        for (const one of graph.nodes) {
          other.put(one, states.get(one.id) ?? fresh(), fresh(), at % 3 > 0);
        }
        assert.equal(other.done().size, at % 3 > 0 ? 150 : 0);
      }
      assert.deepEqual([...roster], [...expected]);
      assert.equal(roster.size, expected.size);
      edit = roster.edit();
    }
    roster = edit.done();
    assert.deepEqual([...roster], [...expected]);
    for (const { node, state } of entriesOf(roster.chunks)) {
      assert.equal(state, states.get(node.id));
    }
  }));
});

test("Roster shares what was not written to, and closes the gaps of those that have gone", () => {
  const states = graph.nodes.map(() => fresh());
  const edit = new Roster().edit();
  graph.nodes.forEach((one, n) => edit.put(one, fresh(), states[n]!, true));
  const full = edit.done();
  const changed = full.edit();
  changed.put(graph.nodes[70]!, states[70]!, fresh(), true);
  const next = changed.done();
  const same = next.chunks.filter((chunk, n) => chunk === full.chunks[n]);
  assert.equal(same.length, full.chunks.length - 1);
  assert.equal(full.edit().done(), full);

  // One that stays while thousands come and go must not keep the room of all of them.
  let roster = full;
  let last = states[1]!;
  const [, first, other] = graph.nodes;
  const cut = roster.edit();
  graph.nodes.forEach((one, n) => {
    if (one !== first) cut.put(one, states[n]!, fresh(), false);
  });
  roster = cut.done();
  for (let n = 0; n < 5_000; n++) {
    const turn = roster.edit();
    const state = fresh();
    turn.put(other!, last, state, true);
    last = fresh();
    turn.put(other!, state, last, false);
    roster = turn.done();
  }
  assert.deepEqual([...roster], [first!.id]);
  assert.ok(roster.chunks.length < 20, `${roster.chunks.length} chunks`);
});

test("Marks keep nodes in the order of the definition", () => {
  fc.assert(fc.property(changes, (steps) => {
    const expected = new Set<number>();
    let marks = new Marks(graph);
    for (const { at, isMember, ends } of steps) {
      const edit = marks.edit();
      edit.toggle(graph.nodes[at]!, isMember);
      if (isMember) expected.add(at);
      else expected.delete(at);
      assert.equal(edit.has(graph.nodes[at]!), isMember);
      if (ends) assert.equal(edit.nodes().length, expected.size);
      marks = edit.done();
    }
    const order = [...expected].sort((a, b) => a - b).map((n) => ids[n]);
    assert.deepEqual([...marks], order);
    assert.equal(marks.size, expected.size);
  }));
});
