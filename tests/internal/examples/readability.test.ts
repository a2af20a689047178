import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LONG_PARAGRAPH,
  LONG_SENTENCE,
  measure,
  type Measures,
  measuresInWords,
} from "../../../examples/document_review/readability.ts";

const of = (text: string, line = 1): Measures =>
  measure([{ text, line }]).measures;
const words = (count: number): string => "Word".padEnd(count * 5 - 1, " word");

test("measure() counts words and sentences and places the longest", () => {
  const { measures, findings } = measure([
    { text: "One two three. Four\nfive! Is this six?", line: 3 },
    { text: "An item without a stop", line: 9 },
  ]);
  assert.deepEqual(measures, {
    words: 13,
    sentences: 4,
    averageSentence: 3.3,
    longestSentence: 5,
    longestSentenceLine: 9,
    longestParagraph: 8,
    longestParagraphLine: 3,
  });
  assert.deepEqual(findings, []);
});

test("measure() places a sentence on the line on which it begins", () => {
  const { measures } = measure([{
    text: "Short one.\nA longer one\nthat goes on.",
    line: 10,
  }]);
  assert.equal(measures.longestSentenceLine, 11);
});

test("measure() ends no sentence at an abbreviation, an initial or a number", () => {
  assert.equal(
    of("See e.g. Figure 3.5 by J. R. Smith, approx. five pages.").sentences,
    1,
  );
  assert.equal(of("It was I. Then came v2.9.5 (at last). Done").sentences, 3);
  assert.equal(of('He said "stop." Then he left… Really?! yes.').sentences, 4);
});

test("measure() keeps words with inner marks whole", () => {
  assert.equal(of("don't well-known snake_case main.ts 3.14 l’été").words, 6);
});

test("measure() counts scripts without spaces by the character", () => {
  const { words, sentences } = of("今日は。良い天気 Deno です。");
  assert.deepEqual([words, sentences], [10, 2]);
});

test("measure() notes long sentences, paragraphs and averages, each from one word too many on", () => {
  const just = measure([{ text: `${words(LONG_SENTENCE)}.`, line: 1 }]);
  assert.deepEqual(just.findings.map(({ subject }) => subject), [""]);
  const long = measure([{
    text: `Short one here. ${words(LONG_SENTENCE + 1)}.`,
    line: 7,
  }]);
  assert.deepEqual(
    long.findings.map(({ line, message }) => `${line} ${message}`),
    ["7 a sentence of 41 words; over 40 is long"],
  );
  assert.match(long.findings[0]!.subject, /^Word word .*…$/);
  const paragraph = measure([{
    text: "Ten words are in every one of these small sentences. ".repeat(
      LONG_PARAGRAPH / 10 + 1,
    ),
    line: 2,
  }]);
  assert.deepEqual(
    paragraph.findings.map(({ line, message }) => `${line} ${message}`),
    ["2 a paragraph of 160 words; over 150 is long"],
  );
});

test("measure() gives zeros when there is no prose", () => {
  const { measures, findings } = measure([{ text: "--- ...", line: 1 }]);
  assert.equal(measures.words + measures.sentences, 0);
  assert.equal(measures.averageSentence, 0);
  assert.equal(measures.longestSentenceLine, 0);
  assert.deepEqual(findings, []);
  assert.equal(measuresInWords(measures), "no prose");
});
