// Counts words, sentences and paragraphs, and points at those that ask for a deep breath.

import { type Finding, plural, printable } from "./findings.ts";

/** A sentence with more words is noted. */
export const LONG_SENTENCE = 40;
/** A paragraph with more words is noted. */
export const LONG_PARAGRAPH = 150;
/** More words per sentence are noted for the whole document. */
export const LONG_AVERAGE = 25;

/** The prose of a document in numbers. */
export interface Measures {
  /** Words of prose; code, tables and headings do not count. */
  readonly words: number;
  /** Sentences; an item of a list is at least one. */
  readonly sentences: number;
  /** Words per sentence, to one decimal. */
  readonly averageSentence: number;
  /** Words of the longest sentence. */
  readonly longestSentence: number;
  /** Where it begins; 0 without prose. */
  readonly longestSentenceLine: number;
  /** Words of the longest paragraph. */
  readonly longestParagraph: number;
  /** Where it begins; 0 without prose. */
  readonly longestParagraphLine: number;
}

interface Sentence {
  readonly line: number;
  readonly words: number;
  readonly start: string;
}

/** Measures prose and notes what is long. */
export function measure(
  paragraphs: readonly { text: string; line: number }[],
): { measures: Measures; findings: Finding[] } {
  const findings: Finding[] = [];
  const all: Sentence[] = [];
  let longestParagraph = { line: 0, words: 0 };
  for (const { text, line } of paragraphs) {
    const found = sentencesOf(text, line);
    const words = total(found);
    for (const each of found) {
      all.push(each);
      if (each.words <= LONG_SENTENCE) continue;
      findings.push(
        note(
          each.line,
          each.start,
          `a sentence of ${each.words} words; over ${LONG_SENTENCE} is long`,
        ),
      );
    }
    if (words > longestParagraph.words) longestParagraph = { line, words };
    if (words > LONG_PARAGRAPH) {
      findings.push(
        note(
          line,
          found[0]!.start,
          `a paragraph of ${words} words; over ${LONG_PARAGRAPH} is long`,
        ),
      );
    }
  }

  const words = total(all);
  const averageSentence = all.length === 0
    ? 0
    : Math.round(words / all.length * 10) / 10;
  if (averageSentence > LONG_AVERAGE) {
    findings.push(
      note(1, "", `sentences have ${averageSentence} words on average`),
    );
  }
  const longest = all.reduce(
    (most, each) => each.words > most.words ? each : most,
    { line: 0, words: 0, start: "" },
  );
  return {
    findings,
    measures: {
      words,
      sentences: all.length,
      averageSentence,
      longestSentence: longest.words,
      longestSentenceLine: longest.line,
      longestParagraph: longestParagraph.words,
      longestParagraphLine: longestParagraph.line,
    },
  };
}

/** The measures in one line. */
export function measuresInWords(measures: Measures): string {
  const { words, sentences, averageSentence } = measures;
  return words === 0
    ? "no prose"
    : `${plural(words, "word")}, ${plural(sentences, "sentence")}, ` +
      `${plural(averageSentence, "word")} each`;
}

function note(line: number, start: string, message: string): Finding {
  return {
    line,
    check: "readability",
    severity: "note",
    subject: printable(start, 40),
    message,
    suggestion: "",
  };
}

function total(sentences: readonly Sentence[]): number {
  return sentences.reduce((sum, sentence) => sum + sentence.words, 0);
}

const CJK = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}";
// A word, the end of a sentence, or a line ending. Scripts without spaces count one word per character.
const TOKEN = new RegExp(
  `[${CJK}]|(?:(?![${CJK}])[\\p{L}\\p{M}\\p{N}])+(?:['’._-](?:(?![${CJK}])[\\p{L}\\p{M}\\p{N}])+)*` +
    `|[.!?…]+["'”’)\\]]*(?=\\s|$)|[。！？]|\\n`,
  "gu",
);
// After these a full stop ends no sentence.
const ABBREVIATIONS = new Set(
  "e.g i.e cf vs approx incl excl max min no fig sec ch vol p pp ca mr mrs ms dr prof st jr sr"
    .split(" "),
);

/** Splits a paragraph that begins on `line`. */
function sentencesOf(text: string, line: number): Sentence[] {
  const sentences: Sentence[] = [];
  let words = 0, startLine = line, startAt = 0, last = "", ended = false;
  const close = (): void => {
    if (words > 0) {
      const start = text.slice(startAt, startAt + 200);
      sentences.push({ line: startLine, words, start });
    }
    words = 0;
    ended = false;
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "\n") line++;
    else if (/^[\p{L}\p{M}\p{N}]/u.test(token)) {
      if (ended) close();
      if (words++ === 0) {
        startLine = line;
        startAt = index;
      }
      last = token;
    } else ended = token[0] !== "." || !isAbbreviated(last);
  }
  close();
  return sentences;
}

function isAbbreviated(word: string): boolean {
  // A single capital is an initial, except "I", which more often ends a sentence.
  return ABBREVIATIONS.has(word.toLowerCase()) || /^[A-HJ-Z]$/.test(word);
}
