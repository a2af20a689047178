import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { ask, NoAnswer } from "../../../examples/document_review/decision.ts";
import type { GivenAnswer } from "../../../examples/document_review/options.ts";
import {
  noPaint,
  type Terminal,
} from "../../../examples/document_review/terminal.ts";

/** Asks somebody who types `typed` and then, if `ends`, closes the input. */
async function answerTo(
  typed: string,
  { ends = false, signal = new AbortController().signal } = {},
): Promise<{ answer: GivenAnswer; shown: string }> {
  let shown = "";
  const terminal: Terminal = {
    live: true,
    interactive: true,
    paint: noPaint,
    width: () => 80,
    write: (text) => void (shown += text),
  };
  const input = new PassThrough();
  input.write(typed);
  if (ends) input.end();
  const answer = await ask(terminal, "Sure?", signal, input);
  return { answer, shown };
}

test("ask() takes an acceptance in a letter or a word", async () => {
  for (const word of ["a", "A", "accept", " yes "]) {
    const { answer, shown } = await answerTo(`${word}\n`);
    assert.deepEqual(answer, { action: "accept", comment: "" });
    assert.equal(shown, "Sure?  a accept  r reject  > ");
  }
});

test("ask() wants to know why a document is rejected, and takes no reason too", async () => {
  const { answer, shown } = await answerTo("r\nmuch too long\n");
  assert.deepEqual(answer, { action: "reject", comment: "much too long" });
  assert.match(shown, /> Why\? \(Enter for no reason\) {2}> $/);
  const silent = await answerTo("no\n\n");
  assert.deepEqual(silent.answer, { action: "reject", comment: "" });
});

test("ask() asks again until it understands", async () => {
  const { answer, shown } = await answerTo("\nmaybe\na\n");
  assert.equal(answer.action, "accept");
  assert.equal(shown.match(/Please type a or r/g)?.length, 2);
});

test("ask() gives up when the input ends", async () => {
  await assert.rejects(answerTo("", { ends: true }), NoAnswer);
  await assert.rejects(answerTo("r\n", { ends: true }), NoAnswer);
});

test("ask() gives up when it is told to, before or while it waits", async () => {
  await assert.rejects(answerTo("", { signal: AbortSignal.abort() }), NoAnswer);
  const stop = new AbortController();
  const asked = answerTo("hm\n", { signal: stop.signal });
  queueMicrotask(() => stop.abort());
  await assert.rejects(asked, NoAnswer);
});
