// Some runtimes load a program with less than a request has: no randomness, no timers, no signals, no network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { workflow } from "@tutti/sdk/dsl";

const ask = workflow("ask", { version: "1.0.0" }).input()
  .approval("gate", () => ({ title: "Go on?" }))
  .branch(({ gate }) => gate.action, { accept: (w) => w, reject: (w) => w })
  .output(({ gate }) => ({ decided: gate.action }))
  .build();

/** Does `work` as a runtime does that gives none of it; `taken` is what it reached for. */
function whileLoading<T>(work: () => T): { made: T; taken: string[] } {
  const taken: string[] = [];
  const forbidden: readonly (readonly [object, string])[] = [
    [globalThis, "AbortController"],
    [globalThis, "setTimeout"],
    [globalThis, "setInterval"],
    [globalThis, "fetch"],
    [crypto, "getRandomValues"],
    [crypto, "randomUUID"],
    [crypto.subtle, "digest"],
    [crypto.subtle, "importKey"],
    [Math, "random"],
  ];
  const back = forbidden.map(([owner, name]) => {
    const known = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, {
      configurable: true,
      writable: true,
      value: function () {
        taken.push(name);
        throw new Error(`${name} is not allowed while a program is loaded`);
      },
    });
    return () =>
      known
        ? Object.defineProperty(owner, name, known)
        : Reflect.deleteProperty(owner, name);
  });
  try {
    return { made: work(), taken };
  } finally {
    for (const restore of back) restore();
  }
}

for (
  const [what, options] of [
    ["no options", {}],
    ["registration, webhooks and both majors", {
      registration: {},
      webhooks: { allowPrivate: true },
      majors: [1, 2] as const,
    }],
  ] as const
) {
  test(`createHost() can be called where a program is loaded when given ${what}`, async () => {
    const { made: host, taken } = whileLoading(() =>
      createHost({ workflows: [ask], ...options })
    );
    assert.deepEqual(taken, []);
    const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
    const run = await ask.start(client, {});
    await run.interrupt("gate").accept();
    assert.deepEqual((await run.result()).output, { decided: "accept" });
    await host.close();
  });
}

test("OpenwopClient can be made where a program is loaded", () => {
  const { taken } = whileLoading(() =>
    new OpenwopClient({ baseUrl: "https://wop.example.com" })
  );
  assert.deepEqual(taken, []);
});
