// What can be done where the output goes: colours, redrawing, questions, and how wide it is.

import process from "node:process";

/** A place to write to. */
export interface Terminal {
  /** Whether lines may be redrawn. */
  readonly live: boolean;
  /** Whether somebody is there to answer. */
  readonly interactive: boolean;
  /** Adds a colour, or nothing where there are none. */
  readonly paint: Paint;
  /** Columns; read it again for every line, windows change. */
  width(): number;
  /** Writes text as it is. */
  write(text: string): void;
}

/** The few ways in which text stands out. */
export type Tone = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Gives `text` a tone. */
export type Paint = (tone: Tone, text: string) => string;

const CODES: Readonly<Record<Tone, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Writes no colours. */
export const noPaint: Paint = (_, text) => text;

/** Writes colours as terminals understand them. */
export const ansiPaint: Paint = (tone, text) =>
  `\x1b[${CODES[tone][0]}m${text}\x1b[${CODES[tone][1]}m`;

/** The standard output of this process. */
export function standardOutput(plain: boolean): Terminal {
  const { stdin, stdout } = process;
  const { noColor, dumb } = environment();
  // Lines that wrap cannot be redrawn, and below 40 columns they do.
  const live = stdout.isTTY === true && !plain && !dumb &&
    (stdout.columns || 80) >= 40;
  return {
    live,
    interactive: stdin.isTTY === true && stdout.isTTY === true,
    paint: live && !noColor ? ansiPaint : noPaint,
    width: () => Math.max(40, Math.min(100, stdout.columns || 80)),
    write: (text) => void stdout.write(text),
  };
}

/** Deno says whether colours are unwanted without being asked for the environment, which would need a permission. */
function environment(): { noColor: boolean; dumb: boolean } {
  const { Deno } = globalThis as { Deno?: { noColor: boolean } };
  if (Deno) return { noColor: Deno.noColor, dumb: false };
  const { NO_COLOR, TERM } = process.env;
  return { noColor: Boolean(NO_COLOR), dumb: TERM === "dumb" };
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** How many columns `text`, without colours, takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(char)) continue;
    columns += WIDE.test(char) ? 2 : 1;
  }
  return columns;
}

/** Cuts `text` so that it fits into `width` columns. */
export function fit(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let kept = "", columns = 1;
  for (const char of text) {
    columns += columnsOf(char);
    if (columns > width) break;
    kept += char;
  }
  return `${kept.trimEnd()}…`;
}

/** Fills `text` with spaces to `width` columns. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columnsOf(text)));
}

/** Breaks `text` between words into lines of at most `width` columns; a word that is longer is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (columnsOf(longer) <= width) line = longer;
    else {
      if (line !== "") lines.push(line);
      line = fit(word, width);
    }
  }
  return [...lines, line];
}

/** A length of time in words that fit into eight columns. */
export function duration(ms: number): string {
  if (ms < 1) return "< 1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}
