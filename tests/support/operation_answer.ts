import type { Major } from "@tutti/sdk/openwop";
import type { OperationCall } from "./operation_call.ts";
import type { Recorded } from "./scripted_fetch.ts";

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
