import assert from "node:assert/strict";
import test from "node:test";
import { InvalidArgumentError } from "@tutti/sdk/http";
import { OpenwopError } from "@tutti/sdk/openwop";
import type { RunEvent } from "@tutti/sdk/openwop";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { collect } from "../support/scripted_fetch.ts";
import { refused, v1Bench, v1Hosts, writeNoop } from "../support/v1_server.ts";
import type { V1Bench, V1HostName } from "../support/v1_server.ts";

/** A bench for each host, with a run of one step that is over. */
async function onEach(
  check: (bench: V1Bench, name: V1HostName) => Promise<void>,
  hosts: readonly V1HostName[] = v1Hosts,
): Promise<void> {
  for (const name of hosts) {
    const bench = v1Bench(name);
    writeNoop(bench.server);
    await check(bench, name);
    assert.equal(bench.clock.pending, 0, name);
  }
}

const types = (all: readonly { readonly type: string }[]): string[] =>
  all.map(({ type }) => type);
const noop = ["run.started", "node.started", "node.completed", "run.completed"];

test("events() reads the events of every host alike, whatever it calls their fields", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    const all = await clock.run(collect(run.events()));
    assert.deepEqual(types(all), noop, name);
    assert.deepEqual(
      all.map(({ sequence }) => sequence),
      [0, 1, 2, 3].map((index) => index + server.origin),
      name,
    );
    const [, started, , end] = all as [RunEvent, RunEvent, RunEvent, RunEvent];
    assert.ok(started.type === "node.started");
    assert.equal(started.nodeId, "a");
    assert.equal(started.payload.nodeId, "a");
    assert.ok(end.type === "run.completed");
    assert.deepEqual(end.payload.outputs, { ok: true });
    assert.equal(end.nodeId, undefined);
    assert.notEqual(end.eventId, "");
    assert.equal(server.to("/events").length, 1, name);
  });
});

test("events() takes an event without a payload for one with an empty payload", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    server.log.splice(2, 0, {
      type: "run.paused",
      payload: null,
      nodeId: undefined,
    });
    const all = await clock.run(collect(run.events()));
    assert.deepEqual(all[2]?.payload, {}, name);
  });
});

test("events() begins at the first sequence that the host has, be it 0 or 1", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    for (const transport of ["auto", "poll"] as const) {
      const afterSequence = server.origin;
      const rest = await clock.run(
        collect(run.events({ afterSequence, transport })),
      );
      assert.deepEqual(types(rest), noop.slice(1), `${name} ${transport}`);
    }
  });
});

test("events() finds the place of an event in its frame when it is nowhere else", async () => {
  const { run, clock, server } = v1Bench("memory");
  const frame = (id: number, type: string): string =>
    `id: ${id}\nevent: ${type}\ndata: {"type":"${type}","payload":{}}\n\n`;
  server.first.push(() =>
    new Response(frame(4, "log.appended") + frame(5, "run.completed"), {
      headers: { "content-type": "text/event-stream" },
    })
  );
  const all = await clock.run(collect(run.events()));
  assert.deepEqual(all.map(({ sequence }) => sequence), [4, 5]);
});

test("events() resumes by what it has read when the frames have no ids", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    const whole = await clock.run(collect(run.events()));
    const data = (event: RunEvent): string =>
      `data: ${JSON.stringify(event)}\n\n`;
    server.first.push(() =>
      new Response(whole.slice(0, 2).map(data).join(""), {
        headers: { "content-type": "text/event-stream" },
      })
    );
    assert.deepEqual(await clock.run(collect(run.events())), whole, name);
    assert.equal(
      server.to("/events").at(-1)?.headers.get("last-event-id"),
      String(server.origin + 1),
    );
  });
});

test("events() resumes inside of what a batch without an id has brought", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    const whole = await clock.run(collect(run.events()));
    server.log.pop();
    server.faults.push({ bytes: 1e6, end: "cut" });
    const seen: RunEvent[] = [];
    const all = (async () => {
      for await (const event of run.events({ bufferMs: 200 })) {
        seen.push(event);
        if (seen.length === 3) {
          server.append(["run.completed", { outputs: { ok: true } }]);
        }
      }
    })();
    await clock.run(all);
    assert.deepEqual(seen, whole, name);
    assert.deepEqual(
      server.to("/events").slice(1).map(({ path, headers }) => [
        path.includes("bufferMs=200"),
        headers.get("last-event-id"),
      ]),
      [[true, null], [true, String(server.origin + 2)]],
      name,
    );
  });
});

test("events() never asks for a buffer of 0, and refuses one that no host takes", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    await clock.run(collect(run.events({ bufferMs: 0 })));
    assert.ok(!server.requests[0]?.path.includes("bufferMs"), name);
    for (const bufferMs of [-1, 5_001, 1.5, NaN]) {
      assert.throws(
        () => run.events({ bufferMs }),
        (error) => InvalidArgumentError.is(error) && error.path === "bufferMs",
      );
    }
    assert.equal(server.requests.length, 1);
  });
});

test("events() asks for a stream by name, because hosts give a list otherwise", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    await clock.run(collect(run.events()));
    assert.equal(
      server.requests[0]?.headers.get("accept"),
      "text/event-stream",
      name,
    );
  });
});

test("events() reads on when a host closes the stream of a finished run before its end", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    const whole = await clock.run(collect(run.events()));
    server.faults.push({ bytes: 500, end: "close" }, {
      bytes: 0,
      end: "close",
    });
    assert.deepEqual(await clock.run(collect(run.events())), whole, name);
  });
});

test("events() waits through hours of a host that sends nothing while nothing happens", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    server.log.pop();
    server.status = "running";
    const all = collect(run.events());
    await clock.advance(6 * 3_600_000);
    server.append(["run.completed", {}]);
    assert.deepEqual(types(await clock.run(all)), noop, name);
  });
});

test("events() loses nothing by poll, where a host gives the wrong page or calls it the last one", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    const whole = await clock.run(collect(run.events()));
    for (const pageSize of [1, 2, 3, 100]) {
      server.pageSize = pageSize;
      const all = await clock.run(collect(run.events({ transport: "poll" })));
      assert.deepEqual(all, whole, `${name} ${pageSize}`);
    }
  });
});

test("events() paces itself where a poll does not wait", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    server.log.pop();
    server.status = "running";
    const all = collect(run.events({ transport: "poll" }));
    await clock.advance(60_000);
    assert.ok(
      server.requests.length <= 62,
      `${name} ${server.requests.length}`,
    );
    server.append(["run.completed", {}]);
    assert.deepEqual(types(await clock.run(all)), noop, name);
  });
});

test("events() takes the first end when a host that does not stop goes on writing", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    server.log.pop();
    server.append(["run.cancelled", {}], ["node.completed", {}, "late"], [
      "run.completed",
      {},
    ]);
    for (const transport of ["auto", "poll"] as const) {
      const all = await clock.run(collect(run.events({ transport })));
      assert.equal(all.at(-1)?.type, "run.cancelled", `${name} ${transport}`);
    }
    await assert.rejects(clock.run(run.result()), { code: "run-cancelled" });
  });
});

test("events() leaves out of updates what does not belong there, on the stream and by poll", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    server.log.splice(1, 0, {
      type: "log.appended",
      payload: { level: "info", message: "m" },
      nodeId: undefined,
    });
    for (const transport of ["auto", "poll"] as const) {
      const all = await clock.run(
        collect(run.events({ streamMode: "updates", transport })),
      );
      assert.deepEqual(
        types(all),
        ["run.started", "node.completed", "run.completed"],
        `${name} ${transport}`,
      );
    }
  });
});

test("events() gives snapshots by asking for the run when a host sends events in their place", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    server.log.pop();
    server.status = "running";
    const seen: string[] = [];
    const all = (async () => {
      for await (const item of run.events({ streamMode: "values" })) {
        assert.equal(item.type, "state.snapshot");
        seen.push(item.payload.status);
      }
    })();
    await clock.advance(5_000);
    server.status = "paused";
    await clock.advance(5_000);
    server.append(["run.completed", {}]);
    await clock.run(all);
    // Python says nothing before the end in this mode.
    assert.deepEqual(
      seen,
      name === "python" ? ["completed"] : ["running", "paused", "completed"],
      name,
    );
  });
});

test("events() gives only messages, where a host sends everything, or nothing but an end", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    const chunk = (text: string): [string, { chunk: string }, string] => [
      "output.chunk",
      { chunk: text },
      "a",
    ];
    server.log.pop();
    server.append(chunk("Hel"), chunk("lo"), ["run.completed", {}]);
    for (const transport of ["auto", "poll"] as const) {
      for (const pageSize of [1, 100]) {
        server.pageSize = pageSize;
        const all = await clock.run(
          collect(run.events({ streamMode: "messages", transport })),
        );
        assert.equal(
          all.map(({ payload }) => payload.chunk).join(""),
          "Hello",
          `${name} ${transport}`,
        );
      }
    }
  });
});

test("events() says which modes there are when a host refuses one", async () => {
  const { run, clock, server } = v1Bench("sqlite");
  server.first.push(() =>
    refused(400, "unsupported_stream_mode", { supported: ["updates"] })
  );
  await assert.rejects(
    clock.run(collect(run.events({ streamMode: "messages" }))),
    (error) =>
      OpenwopError.is(error) && error.status === 400 &&
      (error.details as { supported: unknown }).supported !== undefined,
  );
});

test("events() follows a host by poll when something in front of it answers the stream", async () => {
  await onEach(async ({ run, clock, server }, name) => {
    const whole = await clock.run(collect(run.events()));
    server.noStream = () =>
      new Response("<h1>Error response</h1>", {
        status: 501,
        headers: { "content-type": "text/html" },
      });
    assert.deepEqual(await clock.run(collect(run.events())), whole, name);
  });
});

test("events() is not hurried by a host that is busy", async () => {
  const { run, clock, server } = v1Bench("postgres");
  writeNoop(server);
  const busy = (): Response =>
    refused(503, "service_unavailable", { retryAfter: 7 });
  server.first.push(busy, busy);
  const begun = clock.now();
  assert.deepEqual(types(await clock.run(collect(run.events()))), noop);
  assert.ok(clock.now() - begun >= 14_000, `${clock.now() - begun}`);
  assert.ok(clock instanceof FakeClock);
  await settle();
});
