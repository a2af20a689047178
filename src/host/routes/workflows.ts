// Web standards only.
import { unprojectId } from "../../openwop/protocol/mod.ts";
import type { Major } from "../../openwop/protocol/mod.ts";
import { conditional } from "../etag.ts";
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
  return conditional(request, etag, () => document);
}

/** `GET /openapi.json`. Source: v2 §6.2 row 2. */
export function getOpenApi(host: HostParts, call: Call): Reply {
  const { document, etag } = host.openApi;
  return conditional(call.request, etag, () => document);
}

/** `GET /workflows/{workflowId}`: the definition that a new run would get. */
export function getWorkflow(
  host: HostParts,
  _call: Call,
  segment: string,
): Reply {
  const workflow = host.registry.get(unprojectId(segment) ?? "");
  if (workflow === undefined) {
    throw notFound("Cannot get the workflow: this host has none of that id");
  }
  return { status: 200, body: workflow.definition };
}
