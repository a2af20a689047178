import { createTransport } from "@tutti/sdk/http";
import type { CallOptions, Clock, Fetch } from "@tutti/sdk/http";
import { Flux0Client } from "@tutti/sdk/flux0";
import { OpenSpawnClient } from "@tutti/sdk/openspawn";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { RoundTableClient } from "@tutti/sdk/roundtable";
import { bodyOf } from "./scripted_fetch.ts";

/** What every client takes. */
export interface ErrorSettings {
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly retry: false;
  readonly fetch: Fetch;
}

/** One row of a table in docs/errors.md: what comes back, and how to make it come. */
export interface ErrorCase {
  readonly name: string;
  readonly fetch: (signal: AbortSignal) => Response | Promise<Response>;
  readonly options?: CallOptions;
}

/** One client, which has a table of its own in docs/errors.md. */
export interface ErrorPlatform {
  /** The heading of the section is `What becomes what: <name>`. */
  readonly name: string;
  /** The rows, in the order of the table. */
  readonly cases: readonly ErrorCase[];
  /** Makes one call, which reads something, with a client of its own. */
  call(settings: ErrorSettings, options?: CallOptions): Promise<unknown>;
}

/** A status alone, for each number. */
export function statuses(
  numbers: readonly number[],
  headers?: Record<string, string>,
): ErrorCase[] {
  return numbers.map((status) => ({
    name: String(status),
    fetch: () => new Response("", { status, ...(headers && { headers }) }),
  }));
}

/** A status with a body that names a code, as the platform writes it. */
export function refusal(
  status: number,
  code: string,
  body: unknown,
  headers?: Record<string, string>,
): ErrorCase {
  return {
    name: `${status} \`${code}\``,
    fetch: () => Response.json(body, { status, ...(headers && { headers }) }),
  };
}

const silent = (): Promise<Response> => new Promise(() => {});

/** What can happen to a call to any server. The headers are what a success of the platform must have. */
export function common(headers: Record<string, string> = {}): ErrorCase[] {
  return [
    {
      name: "200 that is not JSON",
      fetch: () => new Response("<p>", { headers }),
    },
    {
      name: "200 larger than the limit",
      fetch: () =>
        new Response(bodyOf(Array(17).fill(new Uint8Array(1 << 20))).stream, {
          headers,
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
        ? () => new Response(bodyOf(["{"], "stay").stream, { headers })
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
}

/** The statuses that servers use. */
export const usual: readonly number[] = [
  302,
  400,
  401,
  403,
  404,
  406,
  408,
  409,
  410,
  413,
  415,
  422,
  426,
  429,
  500,
  501,
  502,
  503,
  504,
];

const v2 = { "OpenWOP-Version": "2.0" };

/** Every client: a new one is an entry here and a section of docs/errors.md. */
export const platforms: readonly ErrorPlatform[] = [
  {
    name: "`createTransport`",
    cases: [...statuses(usual), ...common()],
    call: (settings, options) =>
      createTransport(settings).call({
        method: "GET",
        path: "/things",
        contract: "safe",
        decode: (body) => body,
      }, options),
  },
  {
    name: "OpenWOP",
    cases: [
      ...statuses(usual, v2),
      ...([
        [409, "idempotency_in_flight"],
        [500, "event_type_unmapped"],
        [500, "payload_unprojectable"],
      ] as const).map(([status, code]) =>
        refusal(status, code, { error: code, message: "no" }, v2)
      ),
      {
        name: "200 without its version header",
        fetch: () =>
          Response.json({ runId: "a/b", workflowId: "w", status: "x" }),
      },
      ...common(v2),
    ],
    call: (settings, options) =>
      new OpenwopClient({ ...settings, major: 2 }).runs.get("a/b", options),
  },
  {
    name: "Round Table",
    cases: [
      ...statuses(usual),
      {
        name: "403 for a missing token",
        fetch: () =>
          Response.json({ detail: "Not authenticated" }, { status: 403 }),
      },
      {
        name: "200 without the id",
        fetch: () => Response.json({ success: true, data: {}, meta: null }),
      },
      ...common(),
    ],
    call: (settings, options) =>
      new RoundTableClient(settings).sandboxes.get("sb_1", options),
  },
  {
    name: "flux0",
    cases: [
      ...statuses(usual),
      refusal(400, "not found", { detail: "Session with ID x not found" }),
      refusal(422, "list of issues", {
        detail: [{ loc: ["path"], msg: "short", type: "string_too_short" }],
      }),
      {
        name: "200 that is no record",
        fetch: () => Response.json({ data: {} }),
      },
      ...common(),
    ],
    call: (settings, options) => new Flux0Client(settings).agents.list(options),
  },
  {
    name: "OpenSpawn",
    cases: [
      ...statuses(usual),
      refusal(400, "Bad Request", {
        error: ["title must be a string"],
        code: "Bad Request",
      }),
      refusal(422, "Unprocessable Entity", {
        error: "Invalid transition: backlog → done",
        code: "Unprocessable Entity",
      }),
      {
        name: "200 that is no list",
        fetch: () => Response.json({ data: {} }),
      },
      ...common(),
    ],
    call: (settings, options) =>
      new OpenSpawnClient({ ...settings, apiKey: "osp_x" }).agents.list(
        options,
      ),
  },
];
