// Web standards only.
import { systemClock } from "../http/mod.ts";
import type { Clock } from "../http/mod.ts";
import { findFault, hintHeaders, readPlan } from "./faults.ts";
import type { Fault, FaultOf, FaultPlan } from "./faults.ts";
import { faultyBody } from "./faulty_body.ts";
import { silentReply } from "./replies.ts";
import type { RecordedRequest, ScriptedReply } from "./replies.ts";

/** What a scripted server says. A request goes to its route, else to the next of `replies`, else to `otherwise`. */
export interface ScriptOptions {
  /** Each is used once, in this order, by requests that no route takes. */
  readonly replies?: readonly ScriptedReply[] | undefined;
  /**
   * By method and path: `GET /tasks/7`. A `*` stands for anything but a slash; a path without `?` takes any query. A
   * list is used up one by one; a single reply answers as often as it is asked.
   */
  readonly routes?:
    | Readonly<Record<string, ScriptedReply | readonly ScriptedReply[]>>
    | undefined;
  /** Answers what nothing else does. Without it such a request is unexpected: its connection breaks. */
  readonly otherwise?: ScriptedReply | undefined;
  /** What goes wrong, by the number of the request. */
  readonly faults?: FaultPlan | undefined;
  /** For faults that take time, and for hints. @default systemClock */
  readonly clock?: Clock | undefined;
}

/** What a test may ask a scripted server. */
export interface Script {
  /** Every request so far, in order, those included that a fault turned away. */
  readonly requests: readonly RecordedRequest[];
  /** Replies of `replies` and of lists in `routes` that nobody came for. */
  readonly left: number;
  /**
   * Says that everything happened and nothing else did.
   *
   * @throws {Error} a reply is left, or a request was unexpected.
   */
  assertDone(): void;
}

/** An answer, and how its connection ends. */
export interface ScriptedAnswer {
  /** With its faults in it. */
  readonly response: Response;
  /** Whether the server stops sending and goes on listening. */
  readonly halfClose: boolean;
}

/** A script at work, whatever carries its requests. */
export interface RunningScript extends Script {
  /** Takes the request down and does what the script says. Throws for a connection that breaks. */
  answer(request: RecordedRequest): Promise<ScriptedAnswer>;
}

interface Route {
  readonly pattern: RegExp;
  readonly withQuery: boolean;
  readonly queue: ScriptedReply[] | undefined;
  readonly reply: ScriptedReply | undefined;
}

/** Starts a script. */
export function runScript(options: ScriptOptions): RunningScript {
  const { otherwise, clock = systemClock } = options;
  const plan = readPlan(options.faults ?? []);
  const requests: RecordedRequest[] = [];
  const unexpected: string[] = [];
  const queue = [...options.replies ?? []];
  const routes = Object.entries(options.routes ?? {}).map(toRoute);

  function replyFor(request: RecordedRequest): ScriptedReply {
    const bare = request.path.split("?")[0];
    for (const { pattern, withQuery, queue, reply } of routes) {
      const path = withQuery ? request.path : bare;
      if (!pattern.test(`${request.method} ${path}`)) continue;
      const next = reply ?? queue?.shift();
      if (next) return next;
    }
    const next = queue.shift() ?? otherwise;
    if (next) return next;
    const what = `${request.method} ${request.path}`;
    unexpected.push(what);
    throw new RangeError(`the script has no reply to ${what}`);
  }

  const left = (): number =>
    routes.reduce(
      (sum, { queue }) => sum + (queue?.length ?? 0),
      queue.length,
    );

  return {
    requests,
    get left(): number {
      return left();
    },
    assertDone(): void {
      if (unexpected.length > 0) {
        throw new Error(
          `Cannot call the script done: nobody expected ${
            unexpected.join(", ")
          }`,
        );
      }
      if (left() > 0) {
        throw new Error(
          `Cannot call the script done: ${left()} replies are left after ${requests.length} requests`,
        );
      }
    },
    async answer(request: RecordedRequest): Promise<ScriptedAnswer> {
      let faults = plan[requests.length] ?? [];
      requests.push(request);
      const early = instead(faults, clock);
      if (early) return early;
      const reply = replyFor(request);
      faults = [...faults, ...reply.faults ?? []];
      const turnedAway = instead(reply.faults ?? [], clock);
      if (turnedAway) return turnedAway;
      const response = await reply(request);
      const busy = findFault(faults, "busy");
      if (busy || faults.some(({ kind }) => withoutAnswer.has(kind))) {
        response.body?.cancel().catch(() => {});
        if (busy) return { response: refusal(busy, clock), halfClose: false };
        if (findFault(faults, "lose-reply")) {
          throw new TypeError("connection reset: the reply is lost");
        }
        await silentReply(request);
      }
      return {
        response: spoil(response, faults, request, clock),
        halfClose: findFault(faults, "half-close") !== undefined,
      };
    },
  };
}

const withoutAnswer: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "lose-reply",
  "silent",
]);

/** What happens to a request that the server never works on. */
function instead(
  faults: readonly Fault[],
  clock: Clock,
): ScriptedAnswer | undefined {
  if (findFault(faults, "refuse")) throw new TypeError("connection refused");
  const busy = findFault(faults, "busy");
  if (!busy || busy.afterWork) return undefined;
  return { response: refusal(busy, clock), halfClose: false };
}

function refusal(
  { status = 503, hint, waitMs = 1_000 }: FaultOf<"busy">,
  clock: Clock,
): Response {
  return new Response("busy", {
    status,
    headers: {
      "content-type": "text/plain",
      ...hintHeaders(hint, waitMs, clock.now()),
    },
  });
}

/** The response as it arrives. Like that of a real fetch, its body fails when the request is aborted. */
function spoil(
  response: Response,
  faults: readonly Fault[],
  { signal }: RecordedRequest,
  clock: Clock,
): Response {
  if (!response.body) return response;
  const headers = new Headers(response.headers);
  const wrong = findFault(faults, "wrong-type");
  if (wrong) headers.set("content-type", wrong.contentType ?? "text/html");
  return new Response(
    faultyBody(response.body, faults, { clock, signal }) as BodyInit,
    { status: response.status, statusText: response.statusText, headers },
  );
}

function toRoute(
  [key, value]: [string, ScriptedReply | readonly ScriptedReply[]],
): Route {
  const source = key.split("*")
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join("[^/?&]*");
  return {
    pattern: new RegExp(`^${source}$`),
    withQuery: key.includes("?"),
    queue: typeof value === "function" ? undefined : [...value],
    reply: typeof value === "function" ? value : undefined,
  };
}
