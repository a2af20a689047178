// Web standards only.
import { HEADERS } from "../../openwop/protocol/mod.ts";
import type { Major } from "../../openwop/protocol/mod.ts";
import { conditional } from "../etag.ts";
import { readName } from "../ids.ts";
import type { Call, HostParts } from "../parts.ts";
import { notFound } from "../refusal.ts";
import type { Reply } from "../refusal.ts";

/** `GET /.well-known/openwop`. Source: v2 §3. */
export function getDiscovery(
  host: HostParts,
  request: Request,
  major: Major,
): Reply {
  const { document, etag } = host.discovery[major];
  const reply = conditional(request, etag, () => document);
  // One address, a document for each major (v2 §2.1).
  return { ...reply, headers: { ...reply.headers, "vary": HEADERS.version } };
}

/** `GET /openapi.json`. Source: v2 §6.2 row 2. */
export function getOpenApi(host: HostParts, call: Call): Reply {
  const { document, etag } = host.openApi(call.major);
  return conditional(call.request, etag, () => document);
}

/** `GET /workflows/{workflowId}`: the definition that a new run would get. */
export async function getWorkflow(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const workflow = await host.shelf.find(
    readName(segment, "workflowId"),
    call.principal.tenant,
  );
  if (workflow === undefined) {
    throw notFound("Cannot get the workflow: this host has none of that id");
  }
  return { status: 200, body: workflow.definition };
}
