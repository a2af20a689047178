// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { HostCodec } from "./codec.ts";
import { fromV1EventType, toV1EventType } from "./codemap.ts";
import { flattenConfigurable, nestConfigurable } from "./configurable.ts";
import { objectOf } from "./envelope.ts";
import type { RunEvent } from "./events.ts";
import { wireTypeOf } from "./read_event.ts";
import { configurableMaps, mapList } from "./shapes.ts";
import { v1Headers } from "./v1_headers.ts";

/** OpenWOP 1, as a host speaks it: the inverse of the client's codec. Source: v2 §15, "if the host also serves v1". */
export const hostCodecV1: HostCodec = {
  major: 1,
  version: "1.1",
  webhookHeaders: [
    "X-openwop-Webhook-Id",
    "X-openwop-Event-Type",
    "X-openwop-Timestamp",
    "X-openwop-Signature",
    "X-openwop-Signature-Algorithm",
  ],
  readPath(path) {
    if (path.startsWith("/.well-known/")) return path;
    return path.startsWith("/v1/") ? path.slice("/v1".length) : undefined;
  },
  readQuery(query) {
    const result = new URLSearchParams(query);
    const cursor = query.get("lastSequence") ?? query.get("since");
    result.delete("lastSequence");
    result.delete("since");
    if (cursor !== null) result.set("afterSequence", cursor);
    return result;
  },
  readHeader: (headers, name) =>
    headers.get(v1Headers.get(name.toLowerCase()) ?? name),
  readBody: (name, body) => reads[name]?.(body) ?? body,
  writeBody: (name, body) => writes[name]?.(body) ?? body,
  writeEvent,
};

type Bodies = Readonly<Record<string, (body: JsonObject) => JsonObject>>;

const reads: Bodies = {
  ...configurableMaps(nestConfigurable),
  "webhooks.register": mapList(
    "events",
    (type) => typeof type === "string" ? fromV1EventType(type) : type,
  ),
};

const writes: Bodies = {
  "runs.get": (body) => {
    const { extensions, configurable, ...rest } = body;
    const { v1, ...others } = objectOf(extensions) ?? {};
    const options = objectOf(configurable);
    return {
      ...objectOf(v1),
      ...rest,
      ...(options && { configurable: flattenConfigurable(options) }),
      ...(Object.keys(others).length > 0 && { extensions: others }),
    };
  },
  // The two answers that hosts of version 1 give, in one.
  "runs.poll": (body) => ({
    runId: body.runId ?? null,
    events: body.events ?? [],
    lastEventSeq: body.lastSequence ?? null,
    runStatus: body.status ?? null,
    isTerminal: body.isTerminal ?? false,
    isComplete: body.isTerminal ?? false,
  }),
};

function writeEvent(event: RunEvent): JsonObject {
  const { wireType: _dropped, engineVersion, ...rest } = event;
  return {
    ...rest,
    type: toV1EventType(wireTypeOf(event)),
    ...(engineVersion === undefined
      ? {}
      : { engineVersion: String(engineVersion) }),
  } as unknown as JsonObject;
}
