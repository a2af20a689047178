import assert from "node:assert/strict";
import test from "node:test";
import { createSseParser } from "@tutti/sdk/http";
import type { SseFrame } from "@tutti/sdk/http";
import fc from "../support/properties.ts";

interface Parsed {
  readonly frames: readonly SseFrame[];
  readonly comments: readonly string[];
  readonly retries: readonly number[];
  readonly rest: SseFrame | undefined;
}

function parse(pieces: readonly Uint8Array[], maxFrameLength?: number): Parsed {
  const frames: SseFrame[] = [];
  const comments: string[] = [];
  const retries: number[] = [];
  const parser = createSseParser({
    onFrame: (frame) => frames.push(frame),
    onComment: (text) => comments.push(text),
    onRetry: (ms) => retries.push(ms),
  }, { maxFrameLength });
  for (const piece of pieces) parser.push(piece);
  return { frames, comments, retries, rest: parser.end() };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const frame = (
  data: string,
  event = "message",
  id: string | undefined = undefined,
): SseFrame => ({ event, data, id });

/** Each: the stream, its frames, its comments, its retries, what it lacks only the end of. */
const fixtures: readonly [
  name: string,
  text: string,
  frames: readonly SseFrame[],
  extra?: Partial<Parsed>,
][] = [
  ["nothing", "", []],
  ["blank lines", "\n\r\n\r", []],
  ["one event", "data: a\n\n", [frame("a")]],
  ["no space after the colon", "data:a\n\n", [frame("a")]],
  ["only one space is dropped", "data:  a\n\n", [frame(" a")]],
  ["several data lines", "data: a\ndata:\ndata: b\n\n", [frame("a\n\nb")]],
  [
    "data lines with other fields between them",
    "data: a\ndog: x\ndata: b\ndate\n\ndata: c\ndata: d\nid: 1\n\n",
    [frame("a\nb"), frame("c\nd", "message", "1")],
  ],
  ["a field after the data that begins like it", "data: a\ndat: x\n\n", [
    frame("a"),
  ]],
  ["empty data lines before and after", "data:\ndata: a\ndata:\n\n", [
    frame("\na\n"),
  ]],
  ["a field without colon", "data\n\n", [frame("")]],
  ["two empty data lines", "data\ndata\n\n", [frame("\n")]],
  ["data with colons", "data: a: b\n\n", [frame("a: b")]],
  ["a name", "event: add\ndata: 1\n\n", [frame("1", "add")]],
  ["an empty name", "event:\ndata: 1\n\n", [frame("1")]],
  [
    "a name does not stick",
    "event: add\ndata: 1\n\ndata: 2\n\n",
    [frame("1", "add"), frame("2")],
  ],
  ["no data, no event", "event: add\n\ndata: 1\n\n", [frame("1")]],
  ["an id", "id: 7\ndata: 1\n\n", [frame("1", "message", "7")]],
  ["id zero", "id: 0\ndata: 1\n\n", [frame("1", "message", "0")]],
  ["an empty id", "id\ndata: 1\n\n", [frame("1", "message", "")]],
  ["an id with NUL", "id: 7\0\ndata: 1\n\n", [frame("1")]],
  [
    "an id without data holds for the next event",
    "id: 7\n\ndata: 1\n\ndata: 2\n\n",
    [frame("1", "message", "7"), frame("2")],
  ],
  ["CRLF", "id: 1\r\ndata: a\r\n\r\n", [frame("a", "message", "1")]],
  ["CR", "id: 1\rdata: a\r\r", [frame("a", "message", "1")]],
  [
    "CRLF between several fields",
    "event: add\r\ndata: a\r\nid: 1\r\ndata: b\r\n\r\ndata\r\n\r\n",
    [frame("a\nb", "add", "1"), frame("")],
  ],
  [
    "all line ends at once",
    "data: a\r\n\ndata: b\r\rdata: c\n\r\ndata: d\r\n\r\n",
    [frame("a"), frame("b"), frame("c"), frame("d")],
  ],
  ["a byte order mark", "\ufeffdata: a\n\n", [frame("a")]],
  [
    "a byte order mark further on",
    "data: a\n\n\ufeffdata: b\n\n",
    [frame("a")],
  ],
  [
    "comments",
    ": hello\n:\ndata: a\n:x\ndata: b\n\n",
    [frame("a\nb")],
    { comments: ["hello", "", "x"] },
  ],
  [
    "retry",
    "retry: 30\nretry: 3x\nretry: -1\nretry:\nretry: 0\ndata: a\n\n",
    [frame("a")],
    { retries: [30, 0] },
  ],
  ["unknown fields", "foo: 1\nda ta: 2\ndata: a\n\n", [frame("a")]],
  ["characters of all lengths", "data: aé€😀\n\n", [frame("aé€😀")]],
  [
    "characters that make up for the length of each other",
    "data: 😀\nxdata: no\ndata: é\n\n",
    [frame("😀\né")],
  ],
  ["no end", "data: a\n\ndata: b\n", [frame("a")], { rest: frame("b") }],
  ["no line end", "id: 3\ndata: b", [], { rest: frame("b", "message", "3") }],
  ["no colon at the end", "data", [], { rest: frame("") }],
  [
    "names that begin alike",
    "dat: 1\ndatas: 2\nidx: 3\neventual: 4\nretry5\ndata: a\n\n",
    [frame("a")],
  ],
  [
    "an empty comment line of each kind",
    ":\r:\r\n:\ndata: a\n\n",
    [frame("a")],
    { comments: ["", "", ""] },
  ],
];

test("createSseParser() reads every fixture when it comes whole", () => {
  for (const [name, text, frames, extra] of fixtures) {
    assert.deepEqual(
      parse([bytes(text)]),
      { frames, comments: [], retries: [], rest: undefined, ...extra },
      name,
    );
  }
});

test("createSseParser() reads the same when a fixture is cut at every byte, and into single bytes", () => {
  for (const [name, text] of fixtures) {
    const all = bytes(text);
    const whole = parse([all]);
    for (let cut = 0; cut <= all.length; cut++) {
      const pieces = [all.subarray(0, cut), all.subarray(cut)];
      assert.deepEqual(parse(pieces), whole, `${name} cut at ${cut}`);
    }
    const single = Array.from(all, (byte) => Uint8Array.of(byte));
    assert.deepEqual(parse(single), whole, `${name} in bytes`);
  }
});

test("createSseParser() agrees with a plain reading of the grammar when the input is arbitrary, wherever it is cut", () => {
  const field = fc.constantFrom(
    "data",
    "data:",
    "data: x",
    "data: é",
    "data: 😀",
    "id: 1",
    "event: e",
    "retry: 5",
    ":",
    ": c",
    "junk",
    "€",
    "",
  );
  const end = fc.constantFrom("", "\r", "\n", "\r\n", "\n\n", "\r\n\r\n");
  fc.assert(fc.property(
    fc.array(fc.tuple(field, end), { maxLength: 15 }),
    (parts) => {
      const text = parts.flat().join("");
      const all = bytes(text);
      const wanted = plainly(text);
      for (let cut = 0; cut <= all.length; cut++) {
        const pieces = [all.subarray(0, cut), all.subarray(cut)];
        assert.deepEqual(parse(pieces).frames, wanted);
      }
      const single = Array.from(all, (byte) => Uint8Array.of(byte));
      assert.deepEqual(parse(single).frames, wanted);
    },
  ));
});

/** The grammar as the standard words it, without any care for cost. */
function plainly(text: string): SseFrame[] {
  const frames: SseFrame[] = [];
  let data: string[] = [];
  let event = "";
  let id: string | undefined;
  const lines = text.split(/\r\n|\r|\n/);
  // What follows the last line end is not a line.
  for (const line of lines.slice(0, -1)) {
    if (line === "") {
      if (data.length > 0) {
        frames.push({ event: event || "message", data: data.join("\n"), id });
        id = undefined;
      }
      data = [];
      event = "";
      continue;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/su.exec(line) ?? [];
    if (field === "data") data.push(value ?? "");
    if (field === "event") event = value ?? "";
    if (field === "id") id = value ?? "";
  }
  return frames;
}

test("createSseParser() refuses an event when it is longer than the bound, in one line or many", () => {
  assert.throws(() => parse([bytes(`data: ${"x".repeat(200)}`)], 100), {
    name: "RangeError",
  });
  const lines = bytes("data: 0123456789\n".repeat(20));
  assert.throws(() => parse([lines], 100), { name: "RangeError" });
  assert.throws(() => parse([bytes(`:${"x".repeat(200)}`)], 100), {
    name: "RangeError",
  });
  const many = parse([bytes("data: 0123456789\n\n".repeat(20))], 100);
  assert.equal(many.frames.length, 20);
});

test("createSseParser() counts each event and each line anew, however near to the bound the one before came", () => {
  const line = `data: ${"x".repeat(60)}`;
  const cuts = [
    [`${line}\n\n${line}\n\n`],
    [line, `\n\n${line}`, "\n\n"],
    [`${line}\n`, `\n${line}\n`, "\n"],
    [`:${"x".repeat(90)}`, `\n${line}`, `\n\n${line}`, "\n\n"],
  ];
  for (const pieces of cuts) {
    assert.equal(parse(pieces.map(bytes), 100).frames.length, 2, pieces[0]);
  }
});

test("createSseParser() counts the bound in bytes when the text is not ASCII, however it is cut", () => {
  // 40 of 3 bytes each, 120 bytes in 40 characters.
  const block = "data: " + "€".repeat(40);
  for (const end of ["\n\n", "\r\r", "\ndata\n\n"]) {
    const all = bytes(block + end);
    const sum = end.includes("data") ? 121 : 120;
    for (const step of [1, 7, 50, 1_000]) {
      const pieces = Array.from(
        { length: Math.ceil(all.length / step) },
        (_, index) => all.subarray(index * step, (index + 1) * step),
      );
      assert.equal(parse(pieces, sum).frames.length, 1, `${sum} by ${step}`);
      assert.throws(() => parse(pieces, sum - 1), {
        name: "RangeError",
        message: `an event is longer than ${sum - 1} bytes`,
      });
    }
  }
  // Many such events in one piece are none that is long.
  const many = parse([bytes((block + "\n\n").repeat(9))], 120);
  assert.equal(many.frames.length, 9);
  const lines = "data: €€€€\n".repeat(9);
  assert.equal(parse([bytes(lines + "\n")], 116).frames.length, 1);
  assert.throws(() => parse([bytes(lines + "\n")], 115), RangeError);
});

test("createSseParser() takes 4 MiB and no more when no bound is named", () => {
  const most = "x".repeat(4 * 1024 * 1024);
  for (const cut of [1, 7, most.length]) {
    const all = bytes(`data:${most}\n\n`);
    const pieces = [all.subarray(0, cut), all.subarray(cut)];
    assert.equal(parse(pieces).frames[0]?.data.length, most.length);
  }
  assert.throws(() => parse([bytes(`data: ${most}x\n\n`)]), RangeError);
});

test("createSseParser() refuses a bound when it is none", () => {
  for (const bound of [0, -1, NaN]) {
    assert.throws(() => parse([], bound), { name: "RangeError" });
  }
});

test("createSseParser() stays linear when an event near its bound comes in very many lines", () => {
  const lines = bytes("data: €uro\n:\n".repeat(1_000));
  const pieces = Array<Uint8Array>(300).fill(lines);
  const { frames } = parse([...pieces, bytes("\n")], 2_100_000);
  assert.equal(frames[0]?.data.length, 1_499_999);
});

test("createSseParser() stays linear when one event comes in very many pieces", () => {
  const pieces = Array.from({ length: 200_000 }, () => bytes("0123456789"));
  const { frames } = parse([bytes("data: "), ...pieces, bytes("\n\n")]);
  assert.equal(frames[0]?.data.length, 2_000_000);
});

test("createSseParser() reads bytes that are no UTF-8 the same when they are cut anywhere", () => {
  const parts = [[0x64, 0x61, 0x74, 0x61, 0x3a], [0xff], [0xe2, 0x82], [0x61], [
    0xf0,
    0x9f,
    0x98,
    0x80,
  ], [0xe2, 0x82, 0x0a, 0x0a]];
  const all = Uint8Array.from(parts.flat());
  const whole = parse([all]);
  assert.deepEqual(whole.frames, [frame("\ufffd\ufffda😀\ufffd")]);
  for (let cut = 0; cut <= all.length; cut++) {
    const pieces = [all.subarray(0, cut), new Uint8Array(0), all.subarray(cut)];
    assert.deepEqual(parse(pieces), whole, `cut at ${cut}`);
  }
});

test("end() marks the character that was cut off with the line", () => {
  const all = bytes("data: a€");
  assert.deepEqual(parse([all]).rest, frame("a€"));
  assert.deepEqual(parse([all.subarray(0, -1)]).rest, frame("a\ufffd"));
});

test("end() gives what was cut off once when it is called twice", () => {
  const parser = createSseParser({ onFrame: () => assert.fail() });
  parser.push(bytes("data: a"));
  assert.deepEqual(parser.end(), frame("a"));
  assert.equal(parser.end(), undefined);
});

test("createSseParser() stays linear when one piece has very many lines of any kind", () => {
  for (const line of ["x\n", "x\r", ":\n", "data\r", "\n", "\r", "id\r\n"]) {
    // Quadratic would be minutes; scripts/check_linear.mjs counts the steps.
    const { frames } = parse([bytes(line.repeat(300_000))], 1e9);
    assert.equal(frames.length, 0, JSON.stringify(line));
  }
});
