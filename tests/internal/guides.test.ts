import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { Flux0Client } from "@tutti/sdk/flux0";
import { OpenSpawnClient } from "@tutti/sdk/openspawn";
import { OpenwopClient } from "@tutti/sdk/openwop";
import type { OperationName } from "@tutti/sdk/openwop";
import { RoundTableClient } from "@tutti/sdk/roundtable";
import { FakeClock } from "../support/fake_clock.ts";
import { operationCalls } from "../support/operation_calls.ts";

interface Row {
  readonly platform: string;
  readonly theirs: string;
  /** `resource.method` of the client. */
  readonly ours: string;
  /** Method and path; something else for what is made of other calls. */
  readonly sends: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const rows: readonly Row[] = readFileSync(`${root}docs/guides.md`, "utf8")
  .split("\n").filter((line) => /^\| \S+.*`/.test(line)).map((line) => {
    const [platform = "", theirs = "", ours = "", sends = ""] = line
      .slice(1, -1).split("|").map((cell) => cell.trim());
    const bare = (cell: string): string => cell.replaceAll("`", "");
    return { platform, theirs, ours: bare(ours), sends: bare(sends) };
  });

const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";

/** What a method is called with, where ids and an empty body will not do. */
const inputs: Readonly<Record<string, readonly unknown[]>> = {
  "OpenSpawn agents.create": [{ name: "Ada" }],
  "OpenSpawn tasks.create": [{ title: "Review" }],
  "OpenSpawn tasks.transition": [ID, { status: "done" }],
  // Options alone: a text is none.
  "OpenSpawn credits.balance": [{}],
  "OpenSpawn credits.transfer": [{
    toAgentId: ID,
    amount: 1,
    reason: "thanks",
  }],
  "OpenSpawn credits.spend": [{ amount: 1, reason: "compute" }],
  "flux0 agents.create": [{ name: "Meteo", type: "forecast" }],
  "flux0 sessions.create": [{ agent_id: "aB3dE6gH9j" }],
  "flux0 sessions.stream": [ID, "Hello"],
};

/** Calls the method of a row and gives the requests that were sent. */
async function requestsOf({ platform, ours, sends }: Row): Promise<string[]> {
  const sent: string[] = [];
  const clock = new FakeClock();
  const settings = (version = "2.0") => ({
    baseUrl: "https://guides.test",
    clock,
    retry: false as const,
    fetch: ({ method, url }: Request): Response => {
      sent.push(`${method} ${new URL(url).pathname}`);
      // Enough of an answer for methods that ask before they send.
      const data = /history/.test(url) ? [] : { balance: 1 };
      const answer = { data, meta: { total: 1 } };
      return Response.json(answer, { headers: { "OpenWOP-Version": version } });
    },
  });
  let work: () => unknown;
  if (platform === "OpenWOP") {
    const major = sends.includes(" /v1/") ? 1 : 2;
    const client = new OpenwopClient({
      ...settings(major === 1 ? "1.1" : "2.0"),
      major,
    });
    work = () => operationCalls[ours as OperationName].call(client);
  } else {
    const makers: Readonly<Record<string, () => unknown>> = {
      OpenSpawn: () =>
        new OpenSpawnClient({
          ...settings(),
          agentId: "worker1",
          secret: "0123456789abcdef".repeat(4),
        }),
      "Round Table": () => new RoundTableClient(settings()),
      flux0: () => new Flux0Client(settings()),
    };
    const client = makers[platform]?.() as Record<
      string,
      Record<string, (...args: unknown[]) => unknown>
    >;
    const [resource = "", method = ""] = ours.split(".");
    const ids = [...sends.matchAll(/[:{]\w+/g)].map(() => ID);
    const args = inputs[`${platform} ${ours}`] ??
      [...(ids.length > 0 ? ids : /^\w+ \//.test(sends) ? [] : [ID]), {}];
    assert.equal(typeof client[resource]?.[method], "function", ours);
    work = () => client[resource]![method]!(...args);
  }
  try {
    const result = await work();
    const next = (result as Partial<AsyncIterator<unknown>> | undefined)?.next;
    if (next) await next.call(result);
  } catch {
    // The answer is none of the platform's; what was sent is what counts.
  }
  return sent;
}

test("docs/guides.md has every method of the four guides, and each of them sends what it says", async () => {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const { platform, ours, sends } = row;
    counts.set(platform, (counts.get(platform) ?? 0) + 1);
    const sent = await requestsOf(row);
    const [method, path = ""] = sends.split(" ");
    if (!path.startsWith("/")) {
      assert.ok(sent.length > 0, `${platform} ${ours} sent nothing`);
      continue;
    }
    const pattern = new RegExp(
      `^${method} ${
        path.replace(/[.*+?^$()|[\]\\]/g, "\\$&")
          .replace(/\{\w+\}|:[a-z]\w+(?=\/|$)/g, "[^/]+")
      }$`,
    );
    assert.ok(
      sent.some((one) => pattern.test(one)),
      `${platform} ${ours} is to send ${sends}, it sent ${sent.join(", ")}`,
    );
  }
  const readme = readFileSync(`${root}README.md`, "utf8").replace(/\s+/g, " ");
  const told = [...counts].map(([platform, count]) =>
    `${count} of ${platform}`
  );
  assert.ok(readme.includes(`${told.join(", ")}.`), told.join(", "));
  assert.deepEqual(Object.fromEntries(counts), {
    OpenWOP: 60,
    OpenSpawn: 27,
    "Round Table": 27,
    flux0: 8,
  });
});
