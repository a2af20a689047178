import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { createTransport, TimeoutError, TuttiError } from "@tutti/sdk/http";
import type { CallOptions, Fetch } from "@tutti/sdk/http";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { FakeClock } from "../../support/fake_clock.ts";
import { bodyOf } from "../../support/scripted_fetch.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(root, "docs/errors.md"), "utf8");
const version = { "OpenWOP-Version": "2.0" };

interface Case {
  readonly name: string;
  readonly fetch: (signal: AbortSignal) => Response | Promise<Response>;
  readonly options?: CallOptions;
}

function status(number: number, code?: string): Case {
  return {
    name: `${number}${code === undefined ? "" : ` \`${code}\``}`,
    fetch: () =>
      code === undefined
        ? new Response("", { status: number, headers: version })
        : Response.json({ error: code, message: "no" }, {
          status: number,
          headers: version,
        }),
  };
}

const silent = (): Promise<Response> => new Promise(() => {});

/** What can come back, in the order of the page. */
const cases: readonly Case[] = [
  status(302),
  ...[400, 401, 403, 404, 406, 408].map((number) => status(number)),
  status(409),
  status(409, "idempotency_in_flight"),
  ...[410, 413, 415, 422, 426, 429, 500].map((number) => status(number)),
  status(500, "event_type_unmapped"),
  status(500, "payload_unprojectable"),
  ...[501, 502, 503, 504].map((number) => status(number)),
  {
    name: "200 without its version header",
    fetch: () => Response.json({ runId: "a/b", workflowId: "w", status: "x" }),
  },
  {
    name: "200 that is not JSON",
    fetch: () => new Response("<p>", { headers: version }),
  },
  {
    name: "200 larger than the limit",
    fetch: () =>
      new Response(bodyOf(Array(17).fill(new Uint8Array(1 << 20))).stream, {
        headers: version,
      }),
  },
  {
    name: "no answer",
    fetch: () => {
      throw new TypeError("refused");
    },
  },
  ...(["connect", "idle", "attempt", "total"] as const).map((budget) => ({
    name: `nothing within the ${budget} budget`,
    fetch: budget === "idle"
      ? () => new Response(bodyOf(["{"], "stay").stream, { headers: version })
      : silent,
    options: {
      [budget === "total" ? "timeoutMs" : `${budget}TimeoutMs`]: 10,
    },
  })),
  {
    name: "the caller's signal",
    fetch: silent,
    options: { signal: AbortSignal.abort() },
  },
  {
    name: "an option that cannot be right",
    fetch: silent,
    options: { timeoutMs: -1 },
  },
];

/** The error of one call, as cells of the table. */
async function cellsOf(
  clock: FakeClock,
  call: Promise<unknown>,
): Promise<string[]> {
  const error = await clock.run(call.then(() => undefined, (thrown) => thrown));
  if (error === undefined) return ["none", "", ""];
  assert.ok(TuttiError.is(error), String(error));
  const code = TimeoutError.is(error)
    ? `[timeout](#timeout)`
    : `[${error.code}](#${error.code})`;
  return [`\`${error.name}\``, code, error.retryable ? "yes" : "no"];
}

async function rowOf({ name, fetch, options }: Case): Promise<string> {
  const clock = new FakeClock();
  const settings = {
    baseUrl: "https://api.test",
    clock,
    retry: false as const,
    fetch: ((request) => fetch(request.signal)) satisfies Fetch,
  };
  const generic = await cellsOf(
    clock,
    createTransport(settings).call({
      method: "GET",
      path: "/runs/a~2Fb",
      contract: "safe",
      decode: (body) => body,
    }, options),
  );
  const openwop = await cellsOf(
    clock,
    new OpenwopClient(settings).runs.get("a/b", options),
  );
  return [name, ...generic, ...openwop].join(" | ");
}

/** The rows of the table below `heading`, without its padding. */
function tableBelow(heading: string): string[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  return section.split("\n## ")[0]!.split("\n")
    .filter((line) => line.startsWith("|")).slice(2)
    .map((line) =>
      line.slice(1, -1).split("|").map((cell) => cell.trim()).join(" | ")
    );
}

test("docs/errors.md says which status and code becomes which class, as it is", async () => {
  const rows: string[] = [];
  for (const one of cases) rows.push(await rowOf(one));
  assert.deepEqual(
    tableBelow("What becomes what"),
    rows,
    `the table has to be\n| ${rows.join(" |\n| ")} |\n`,
  );
});

test("docs/errors.md explains every code that the sources throw, and no other", () => {
  const thrown = new Set<string>();
  for (const room of ["src", "dsl"]) {
    for (const file of readdirSync(join(root, room), { recursive: true })) {
      if (!String(file).endsWith(".ts")) continue;
      const text = readFileSync(join(root, room, String(file)), "utf8")
        // Examples may make codes of their own.
        .replace(/^ *(\/\*\*| \*).*$/gm, "");
      const makers =
        /(?:super|new TuttiError)\(\s*(?:init\.code \?\? )?"([a-z][a-z-]+)"/g;
      for (const [, code] of text.matchAll(makers)) thrown.add(code!);
    }
  }
  const explained = [...page.matchAll(/^### (.+)$/gm)].map(([, code]) => code);
  assert.deepEqual([...explained].sort(), [...thrown].sort());
});

test("docs of an error leads to a heading of docs/errors.md", () => {
  const { docs } = new TimeoutError("GET /", "total", 1);
  const [file = "", code] = docs.replace("@tutti/sdk/", "").split("#");
  assert.equal(file, "docs/errors.md");
  assert.ok(page.includes(`\n### ${code}\n`));
});
