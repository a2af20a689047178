// Web standards only.

/** The protocol version that Tutti speaks first. Source: v2 §2.2. */
export const PROTOCOL_VERSION = "2.0";

/** The corpus release that the client was built against, sent as `OpenWOP-Client-Version`. Source: v2 §2.2. */
export const CLIENT_VERSION = "2.45.16";

/** Header names of version 2. Source: v2 §2.2, §10. */
export const HEADERS = {
  version: "OpenWOP-Version",
  clientVersion: "OpenWOP-Client-Version",
  idempotencyKey: "Idempotency-Key",
  idempotentReplay: "OpenWOP-Idempotent-Replay",
  dedup: "OpenWOP-Dedup",
  forceEngineVersion: "OpenWOP-Force-Engine-Version",
} as const;
