import { OpenwopClient } from "@tutti/sdk/openwop";
import type { Major, OperationName } from "@tutti/sdk/openwop";
import { FakeClock } from "./fake_clock.ts";
import type { OperationCall } from "./operation_call.ts";
import { operationCalls } from "./operation_calls.ts";
import { scripted } from "./scripted_fetch.ts";
import type { Recorded, Step } from "./scripted_fetch.ts";

/** What a host of a major says about itself in every answer. */
export const versionHeaders = {
  1: {},
  2: { "OpenWOP-Version": "2.0" },
} as const;

/** What a host of a major answers to a row. */
export function answerTo(
  request: Recorded,
  { answer = {}, v2 }: OperationCall,
  major: Major,
): Response {
  const headers = versionHeaders[major];
  if (/\/events(\?|$)/.test(request.path)) {
    const sequence = Number(request.headers.get("last-event-id") ?? -1) + 1;
    const data = JSON.stringify({
      eventId: "event-0-0123456789",
      runId: "r",
      type: "run.cancelled",
      payload: {},
      timestamp: "2026-01-01T00:00:00Z",
      sequence,
      schemaVersion: 1,
    });
    return new Response(
      `id: ${sequence}\nevent: run.cancelled\ndata: ${data}\n\n`,
      {
        headers: { ...headers, "content-type": "text/event-stream" },
      },
    );
  }
  return request.method === "DELETE" && v2 !== undefined
    ? new Response(null, { status: 204, headers })
    : Response.json(answer, { headers });
}

/** The operations of a major, with the request line that is wanted. */
export function* operationsOf(
  major: Major,
): Generator<{ name: OperationName; row: OperationCall; line: string }> {
  for (const name of Object.keys(operationCalls) as OperationName[]) {
    const row = operationCalls[name];
    const line = major === 2 ? row.v2 : row.v1;
    if (line !== undefined) yield { name, row, line };
  }
}

/** What a call has led to. */
export interface Called {
  readonly requests: readonly Recorded[];
  /** What it was thrown. */
  readonly error: unknown;
  /** How long it took. */
  readonly ms: number;
}

/**
 * Calls an operation on a host that answers as it should.
 *
 * @param before What answers first.
 * @param options Options of the call.
 */
export async function callOperation(
  row: OperationCall,
  major: Major,
  before: readonly Step[] = [],
  options?: Parameters<OperationCall["call"]>[1],
): Promise<Called> {
  const server = scripted(before, (request) => answerTo(request, row, major));
  const clock = new FakeClock();
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    apiKey: "key-1",
    major,
    fetch: server.fetch,
    clock,
    random: () => 0,
  });
  const begun = clock.now();
  const error = await clock.run(Promise.resolve(row.call(client, options)))
    .then(() => undefined, (thrown) => thrown);
  return { requests: server.requests, error, ms: clock.now() - begun };
}
