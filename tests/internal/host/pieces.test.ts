import assert from "node:assert/strict";
import test from "node:test";
import { type Piece, Pieces } from "../../../src/host/pieces.ts";

function piece(size: number, last = 0): Piece {
  return { bytes: new Uint8Array(size), last, isOver: false };
}

test("Pieces makes one for all who ask meanwhile, and keeps it for those who come later", async () => {
  const pieces = new Pieces();
  let made = 0;
  const make = async (): Promise<Piece> => {
    await Promise.resolve();
    return piece(10, ++made);
  };
  const all = await Promise.all([1, 2, 3].map(() => pieces.get("a", make)));
  assert.deepEqual(all.map((one) => one?.last), [1, 1, 1]);
  assert.equal((await pieces.get("a", make))?.last, 1);
  assert.equal((await pieces.get("b", make))?.last, 2);
});

test("Pieces keeps neither what is not there yet nor what failed", async () => {
  const pieces = new Pieces();
  const fail = (): Promise<never> => Promise.reject(new Error("disk gone"));
  await assert.rejects(pieces.get("a", fail), /disk gone/);
  assert.equal(
    await pieces.get("a", () => Promise.resolve(undefined)),
    undefined,
  );
  assert.equal(pieces.size, 0);
  const one = await pieces.get("a", () => Promise.resolve(piece(1, 7)));
  assert.equal(one?.last, 7);
});

test("Pieces has a bound, forgets what was not wanted for longest, and keeps nothing that is too large", async () => {
  const pieces = new Pieces();
  const give = (name: string, size: number) =>
    pieces.get(name, () => Promise.resolve(piece(size, size)));
  await give("huge", 3_000_000);
  assert.equal(pieces.size, 0);
  for (let n = 0; n < 500; n++) {
    await give(`n${n}`, 100_000);
    await give("n0", 1);
    assert.ok(pieces.size <= 2 ** 22);
  }
  assert.ok(pieces.size > 2 ** 21);
  assert.equal((await give("n0", 2))?.last, 100_000);
  assert.equal((await give("n1", 2))?.last, 2);
});

test("Pieces counts a piece once, however many ask while it is being kept", async () => {
  const pieces = new Pieces();
  let made = 0;
  const make = (): Promise<Piece> => Promise.resolve(piece(1_000, ++made));
  for (let n = 0; n < 20; n++) {
    const asked: Promise<Piece | undefined>[] = [];
    // One in each of the moments between the making and the keeping.
    for (let moment = 0; moment < 12; moment++) {
      asked.push(pieces.get(`a${n}`, make));
      await Promise.resolve();
    }
    await Promise.all(asked);
  }
  assert.equal(made, 20);
  assert.ok(pieces.size < 20 * 1_300, String(pieces.size));
});
