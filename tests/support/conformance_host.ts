import { apiKeys, createHost, serve } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import type { HostSubject } from "@tutti/sdk/testing";
import { cryptoDone } from "./crypto_work.ts";
import { FakeClock } from "./fake_clock.ts";
import { delay, inputFrom, noop, workflowOf } from "./wire.ts";

export const KEY = "sk_conformance_000001";
export const OTHER_KEY = "sk_conformance_000002";

const object = { type: "object", required: true };

/** The workflows that checks of conformance run. */
export const fixtures = [
  noop,
  delay,
  workflowOf(
    "conformance-delay",
    [
      { id: "delay", typeId: "core.delay", inputs: inputFrom("delayMs") },
    ],
    [],
    {
      variables: [{ name: "delayMs", type: "number", defaultValue: 1_000 }],
    },
  ),
  workflowOf("conformance-approval", [
    {
      id: "gate",
      typeId: "core.approvalGate",
      config: { title: "Conformance", actions: ["accept", "reject"] },
    },
  ]),
  workflowOf("conformance-clarification", [
    {
      id: "ask",
      typeId: "core.clarificationGate",
      config: { questions: [{ id: "q1", question: "Which colour?" }] },
    },
  ]),
  workflowOf("conformance-failure", [{ id: "fail", typeId: "core.fail" }]),
  workflowOf(
    "conformance-identity",
    [
      { id: "echo", typeId: "core.identity", inputs: inputFrom("payload") },
    ],
    [],
    { variables: [{ name: "payload", ...object }] as never },
  ),
  workflowOf("conformance-multi-node", [
    { id: "a", typeId: "core.noop" },
    { id: "b", typeId: "core.noop", after: ["a"] },
    { id: "c", typeId: "core.noop", after: ["b"] },
  ]),
];

type Receive = NonNullable<HostSubject["receive"]>;

/** A host of this library whose time passes at once, with two tenants, and receivers that need no socket. */
export async function conformanceHost(
  store: Store,
  over: "in process" | "over a socket",
): Promise<HostSubject> {
  const clock = new FakeClock(Date.now());
  const receivers = new Map<string, Parameters<Receive>[0]>();
  const host = createHost({
    majors: [1, 2],
    workflows: fixtures,
    store,
    clock,
    access: apiKeys([
      { key: KEY, tenant: "acme", subject: "suite" },
      { key: OTHER_KEY, tenant: "beta", subject: "suite" },
    ]),
    webhooks: {
      resolve: () => Promise.resolve(["93.184.216.34"]),
      fetch: async (request) => {
        const answer = receivers.get(new URL(request.url).host);
        if (!answer) throw new TypeError("nobody listens there");
        return await answer(request);
      },
    },
  });
  const server = over === "over a socket"
    ? await serve(host, { port: 0 })
    : undefined;
  let count = 0;
  return {
    baseUrl: server?.url ?? host.url,
    ...(!server && { fetch: host.fetch }),
    apiKey: KEY,
    otherApiKey: OTHER_KEY,
    time: {
      now: () => clock.now(),
      async wait(ms: number): Promise<void> {
        await clock.advance(ms);
        await cryptoDone();
        // Sockets take their own time.
        await new Promise<void>((resolve) => setTimeout(resolve, 1));
      },
    },
    receive(answer) {
      const name = `hooks-${++count}.example.com`;
      receivers.set(name, answer);
      return Promise.resolve({
        url: `https://${name}`,
        close(): Promise<void> {
          receivers.delete(name);
          return Promise.resolve();
        },
      });
    },
    close: () => server ? server.close() : host.close(),
  };
}
