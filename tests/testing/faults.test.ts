import assert from "node:assert/strict";
import test from "node:test";
import fc from "../support/properties.ts";
import {
  countListeners,
  createBody,
  createScriptedFetch,
  eventReply,
  FakeClock,
  jsonReply,
  settle,
  textReply,
  withFaults,
} from "@tutti/sdk/testing";
import type { Fault, FaultPlan, ScriptedReply } from "@tutti/sdk/testing";

const url = "https://api.test";
const events = [
  "id: 0\ndata: a\n\n",
  "id: 1\r\ndata: b\r\n\r\n",
  "data: c\n\n",
];

/** What arrives of a reply with these faults, and how it ends. */
async function arrive(
  reply: ScriptedReply,
  ...faults: Fault[]
): Promise<{ text: string; end: "close" | "cut" }> {
  const { fetch } = createScriptedFetch({
    otherwise: withFaults(reply, ...faults),
  });
  const reader = (await fetch(url)).body!.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { text: text + decoder.decode(), end: "close" };
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return { text, end: "cut" };
  }
}

test("drop and close end the body at every byte of it, and not behind it", async () => {
  const text = "0123456789";
  for (const [kind, end] of [["drop", "cut"], ["close", "close"]] as const) {
    for (let afterBytes = 0; afterBytes <= text.length; afterBytes++) {
      assert.deepEqual(
        await arrive(textReply(text), { kind, afterBytes }),
        { text: text.slice(0, afterBytes), end },
      );
    }
    assert.deepEqual(
      await arrive(textReply(text), { kind, afterBytes: 11 }),
      { text, end: "close" },
    );
  }
  assert.deepEqual(await arrive(textReply(text), { kind: "drop" }), {
    text: "",
    end: "cut",
  });
  assert.deepEqual(
    await arrive(textReply(text), { kind: "half-close", afterBytes: 2 }),
    { text: "01", end: "close" },
  );
});

test("a point counts events whatever their line ends and however they are cut", async () => {
  const whole = events.join("");
  for (let size = 1; size <= whole.length; size++) {
    const chunks = whole.match(new RegExp(`[^]{1,${size}}`, "g"))!;
    for (let afterEvents = 0; afterEvents <= events.length; afterEvents++) {
      assert.deepEqual(
        await arrive(eventReply(chunks), { kind: "drop", afterEvents }),
        { text: events.slice(0, afterEvents).join(""), end: "cut" },
      );
    }
    assert.equal(
      (await arrive(eventReply(chunks), { kind: "drop", afterEvents: 4 })).end,
      "close",
    );
  }
});

test("duplicate, reorder and omit change one event and no other", async () => {
  const [a, b, c] = events as [string, string, string];
  const cases: [
    Fault["kind"] & ("duplicate" | "reorder" | "omit"),
    number,
    string,
  ][] = [
    ["duplicate", 0, a + a + b + c],
    ["duplicate", 2, a + b + c + c],
    ["reorder", 0, b + a + c],
    ["reorder", 1, a + c + b],
    ["reorder", 2, a + b + c],
    ["omit", 1, a + c],
    ["omit", 9, a + b + c],
  ];
  for (const [kind, event, text] of cases) {
    assert.equal(
      (await arrive(eventReply(events), { kind, event })).text,
      text,
    );
  }
});

test("garbage and oversized come in between, and the rest follows", async () => {
  const garbled = await arrive(textReply("abc"), {
    kind: "garbage",
    afterBytes: 1,
  });
  assert.ok(garbled.text.startsWith("a\ufffd") && garbled.text.endsWith("bc"));
  assert.throws(() => JSON.parse(garbled.text));
  const large = await arrive(textReply("[1]"), {
    kind: "oversized",
    bytes: 200_000,
  });
  assert.equal(large.text, " ".repeat(200_000) + "[1]");
  assert.deepEqual(JSON.parse(large.text), [1]);
});

test("several faults strike in their order", async () => {
  const { text, end } = await arrive(
    eventReply(events),
    { kind: "duplicate", event: 0 },
    { kind: "drop", afterEvents: 2 },
  );
  assert.equal(text, events[0]! + events[0]);
  assert.equal(end, "cut");
});

test("slow and stall take the time of the clock, and no timer stays when the reader leaves", async () => {
  const clock = new FakeClock();
  const server = createScriptedFetch({
    clock,
    otherwise: textReply("0123456789"),
    faults: [
      { kind: "slow", bytes: 3, everyMs: 100 },
      { kind: "stall", afterBytes: 5, forMs: 700 },
      { kind: "stall", afterBytes: 5 },
      { kind: "slow", bytes: 1, everyMs: 1_000 },
    ],
  });
  for (const wait of [400, 700]) {
    const started = clock.now();
    const text = (await server.fetch(url)).text();
    assert.equal(await clock.run(text), "0123456789");
    assert.equal(clock.now() - started, wait);
  }
  for (let turn = 0; turn < 2; turn++) {
    const reader = (await server.fetch(url)).body!.getReader();
    const first = reader.read();
    await clock.advance(1_000);
    assert.ok((await first).value!.length > 0);
    const pending = reader.read();
    await settle();
    await reader.cancel();
    assert.equal((await pending).done, true);
    await settle();
    assert.equal(clock.pending, 0);
  }
});

test("the body lets go of its source when it is dropped, closed or cancelled", async () => {
  for (const kind of ["drop", "close", "stall"] as const) {
    const body = createBody(["abc", "def"], "stay");
    const { fetch } = createScriptedFetch({
      otherwise: withFaults(() => new Response(body.stream), {
        kind,
        afterBytes: 4,
      }),
    });
    const reader = (await fetch(url)).body!.getReader();
    await reader.read();
    await reader.read();
    const rest = reader.read();
    rest.catch(() => {});
    await settle();
    if (kind === "stall") await reader.cancel();
    await settle();
    assert.equal(body.cancelled, true, kind);
  }
});

test("refuse and busy keep the server from its work; lose-reply, silent and afterWork do not", async () => {
  const cases: [Fault, number, "reject" | "hang" | number][] = [
    [{ kind: "refuse" }, 0, "reject"],
    [{ kind: "busy" }, 0, 503],
    [{ kind: "busy", status: 429 }, 0, 429],
    [{ kind: "busy", status: 500, afterWork: true }, 1, 500],
    [{ kind: "lose-reply" }, 1, "reject"],
    [{ kind: "silent" }, 1, "hang"],
    [{ kind: "drop" }, 1, 200],
  ];
  for (const own of [false, true]) {
    for (const [fault, work, outcome] of cases) {
      let worked = 0;
      const reply: ScriptedReply = (request) => {
        worked++;
        return jsonReply(1)(request);
      };
      const server = createScriptedFetch(
        own
          ? { otherwise: withFaults(reply, fault) }
          : { otherwise: reply, faults: [fault] },
      );
      const controller = new AbortController();
      const call = server.fetch(url, { signal: controller.signal });
      call.catch(() => {});
      if (outcome === "hang") {
        await settle();
        controller.abort(new TypeError("enough"));
      }
      if (typeof outcome === "number") {
        assert.equal((await call).status, outcome);
      } else await assert.rejects(call, TypeError);
      assert.equal(worked, work, JSON.stringify(fault));
      assert.equal(server.requests.length, 1);
    }
  }
});

test("busy gives its hint in each form", async () => {
  const clock = new FakeClock(1_800_000_000_000);
  const faults: FaultPlan = ([
    "retry-after",
    "retry-after-date",
    "retry-after-ms",
    "x-ratelimit-reset",
    "ratelimit-reset",
  ] as const).map((hint) => ({
    kind: "busy",
    status: 429,
    hint,
    waitMs: 2_500,
  }));
  const server = createScriptedFetch({ clock, faults });
  const hints: unknown[] = [];
  for (const _ of faults) {
    const { headers } = await server.fetch(url);
    headers.delete("content-type");
    hints.push(Object.fromEntries(headers));
  }
  assert.deepEqual(hints, [
    { "retry-after": "3" },
    { "retry-after": new Date(1_800_000_002_500).toUTCString() },
    { "retry-after-ms": "2500" },
    { "x-ratelimit-reset": "1800000003" },
    { "ratelimit-reset": "3" },
  ]);
});

test("withFaults() adds to the faults that a reply has", async () => {
  const once = withFaults(textReply("0123456789"), {
    kind: "drop",
    afterBytes: 5,
  });
  assert.deepEqual(await arrive(once, { kind: "close", afterBytes: 7 }), {
    text: "01234",
    end: "cut",
  });
});

test("busy is a 503 without a hint when nothing is said, and asks for a second where it hints", async () => {
  const server = createScriptedFetch({
    faults: [{ kind: "busy" }, { kind: "busy", hint: "retry-after-ms" }],
  });
  const plain = await server.fetch(url);
  assert.equal(plain.status, 503);
  assert.deepEqual([...plain.headers.keys()], ["content-type"]);
  const hinting = await server.fetch(url);
  assert.equal(hinting.headers.get("retry-after-ms"), "1000");
});

test("a body with faults leaves nothing on the signal of its request when it was read", async () => {
  let listeners: (() => number) | undefined;
  const server = createScriptedFetch({
    otherwise: withFaults(({ signal }) => {
      listeners = countListeners(signal);
      return new Response("0123");
    }, { kind: "duplicate", event: 9 }),
  });
  const response = await server.fetch(url);
  assert.equal(listeners?.(), 1);
  assert.equal(await response.text(), "0123");
  assert.equal(listeners?.(), 0);
});

test("what is no whole event at the end of a body comes all the same", async () => {
  const text = "data: a\n\ndata: b\n";
  for (const kind of ["duplicate", "reorder", "omit"] as const) {
    assert.deepEqual(await arrive(textReply(text), { kind, event: 9 }), {
      text,
      end: "close",
    });
  }
});

test("a plan goes by the number of the request, and a turned away request takes no reply", async () => {
  const server = createScriptedFetch({
    replies: [jsonReply("first"), jsonReply("second")],
    faults: [[{ kind: "refuse" }], undefined, { kind: "busy" }],
  });
  await assert.rejects(server.fetch(url));
  assert.equal(await (await server.fetch(url)).json(), "first");
  assert.equal((await server.fetch(url)).status, 503);
  assert.equal(await (await server.fetch(url)).json(), "second");
  server.assertDone();
});

test("wrong-type changes the content type and nothing else", async () => {
  const server = createScriptedFetch({
    otherwise: jsonReply({ a: 1 }, { status: 201, headers: { "x-a": "1" } }),
    faults: [{ kind: "wrong-type" }, {
      kind: "wrong-type",
      contentType: "text/plain",
    }],
  });
  for (const type of ["text/html", "text/plain"]) {
    const response = await server.fetch(url);
    assert.equal(response.headers.get("content-type"), type);
    assert.equal(response.headers.get("x-a"), "1");
    assert.equal(response.status, 201);
    assert.deepEqual(await response.json(), { a: 1 });
  }
});

test("the bytes before any point are those of the reply, whatever the chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 5, unit: "grapheme" }), { maxLength: 8 }),
      fc.nat(40),
      fc.constantFrom("drop", "close"),
      async (chunks, afterBytes, kind) => {
        const whole = new TextEncoder().encode(chunks.join(""));
        const server = createScriptedFetch({
          otherwise: withFaults(
            () => new Response(createBody(chunks).stream),
            { kind, afterBytes },
          ),
        });
        const reader = (await server.fetch(url)).body!.getReader();
        const bytes: number[] = [];
        let end = "close";
        try {
          for (;;) {
            const { done, value } = await reader.read();
            if (done) break;
            bytes.push(...value);
          }
        } catch {
          end = "drop";
        }
        const reached = afterBytes <= whole.length;
        assert.deepEqual(bytes, [...whole.subarray(0, afterBytes)]);
        assert.equal(end, reached ? kind : "close");
      },
    ),
    { numRuns: 200 },
  );
});

test("a plan that was kept in a file does the same, and a kind that is none is refused", async () => {
  const plan: FaultPlan = [undefined, { kind: "refuse" }];
  const kept = JSON.parse(JSON.stringify(plan)) as FaultPlan;
  assert.deepEqual(kept, [null, { kind: "refuse" }]);
  const { fetch } = createScriptedFetch({
    otherwise: jsonReply(1),
    faults: kept,
  });
  assert.equal(await (await fetch(url)).text(), "1");
  await assert.rejects(async () => await fetch(url), TypeError);
  assert.equal(await (await fetch(url)).text(), "1");

  for (const kind of ["dropp", "toString", "", undefined]) {
    const wrong = { kind } as unknown as Fault;
    const says = { name: "RangeError", message: /^no fault is called/ };
    for (const faults of [[wrong], [undefined, [{ kind: "drop" }, wrong]]]) {
      assert.throws(
        () => createScriptedFetch({ faults: faults as FaultPlan }),
        says,
      );
    }
    assert.throws(() => withFaults(jsonReply(1), wrong), says);
  }
});
