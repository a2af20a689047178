// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { Codec, HostCodec } from "./codec.ts";
import { checkConfigurable } from "./configurable.ts";
import { readEnvelope } from "./envelope.ts";
import { CLIENT_VERSION, HEADERS, PROTOCOL_VERSION } from "./headers.ts";
import { keyGrammar } from "./ids.ts";
import { toRunEvent, wireTypeOf } from "./read_event.ts";
import { configurableMaps, readEvents, rewrite } from "./shapes.ts";
import type { BodyMap } from "./shapes.ts";

/** OpenWOP 2, as a client speaks it: the model as it is. Source: v2 §2.2, §4, §7, §12. */
export const codecV2: Codec = {
  major: 2,
  keyGrammar,
  matches: (version) => version !== null && /^2(\.|$)/.test(version),
  write: (operation) =>
    rewrite(
      codecV2,
      operation,
      {
        // The one query that only version 1 has.
        query: operation.name === "webhooks.unregister"
          ? undefined
          : operation.query,
        headers: {
          [HEADERS.version]: PROTOCOL_VERSION,
          [HEADERS.clientVersion]: CLIENT_VERSION,
          ...operation.headers,
        },
      },
      writes[operation.name ?? ""],
      reads[operation.name ?? ""],
    ),
  readEvent: toRunEvent,
  readError: (failure) =>
    readEnvelope(failure, failure.headers.has(HEADERS.version)),
};

const writes: Readonly<Record<string, BodyMap>> = {
  ...configurableMaps(checkConfigurable),
  "webhooks.register": ({ tenantId: _tenant, eventTypes: _types, ...body }) =>
    body,
};

const reads: Readonly<Record<string, BodyMap>> = {
  "runs.poll": (body, operation) => ({
    ...body,
    events: readEvents(codecV2, operation, body),
  }),
};

/** OpenWOP 2, as a host speaks it. Source: v2 §2.4, §11.2. */
export const hostCodecV2: HostCodec = {
  major: 2,
  version: PROTOCOL_VERSION,
  webhookHeaders: [
    "OpenWOP-Webhook-Id",
    "OpenWOP-Event-Type",
    "OpenWOP-Timestamp",
    "OpenWOP-Signature",
    "OpenWOP-Signature-Algorithm",
  ],
  readPath: (path) => /^\/v\d+(\/|$)/.test(path) ? undefined : path,
  readQuery: (query) => query,
  readHeader: (headers, name) => headers.get(name),
  readBody: (_name, body) => body,
  writeBody: (_name, body) => body,
  writeEvent(event) {
    const { wireType: _dropped, ...rest } = event;
    return { ...rest, type: wireTypeOf(event) } as unknown as JsonObject;
  },
};
