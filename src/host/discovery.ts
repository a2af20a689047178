// Web standards only.
import { PROTOCOL_VERSION } from "../openwop/protocol/mod.ts";
import { EVENT_LOG_SCHEMA_VERSION } from "./projection.ts";
import {
  DEAD_LETTER_PAGE,
  DEAD_LIFE_DAYS,
  MAX_ATTEMPTS,
} from "./webhooks/policy.ts";
import type { Registry } from "./registry.ts";

/** Every contract that this host serves. Source: v2 §2.1. */
export const PROTOCOL_VERSIONS: readonly string[] = [PROTOCOL_VERSION];

/** Which host this is. */
export const IMPLEMENTATION: {
  readonly name: string;
  readonly version: string;
} = {
  name: "tutti",
  version: "0.1.0",
};

/** Names this host where runs of several hosts meet. */
export const HOST_ID = "urn:tutti:embedded";

const EXPERIMENTAL = {
  status: "experimental",
  since: "2.0",
  until: "2.1",
  witness: "witnessable-gated",
};

/** Version of the engine, to be raised when it writes other logs for the same definition. */
const ENGINE_VERSION = 1;

/**
 * The discovery document: closed, and without a word about what is not wired.
 *
 * A family is a promise of its whole floor, not of one operation (v2 §3.3).
 */
export function discoveryDocument(registry: Registry): Record<string, unknown> {
  // Names of other workflows are nobody's business before a caller is known.
  const fixtures = [...registry.keys()]
    .filter((id) => id.startsWith("conformance-")).sort();
  return {
    protocolVersions: PROTOCOL_VERSIONS,
    preferredVersion: PROTOCOL_VERSION,
    implementation: IMPLEMENTATION,
    engineVersion: ENGINE_VERSION,
    eventLogSchemaVersion: EVENT_LOG_SCHEMA_VERSION,
    ...(fixtures.length > 0 && { fixtures }),
    eventLog: {
      status: "experimental",
      since: "2.0",
      until: "2.1",
      witness: "claims-check",
    },
    // Approvers are held to, tokens are signed and run out (v2 §9).
    interrupt: {
      ...EXPERIMENTAL,
      tokenAlgs: ["hs256"],
    },
    replay: {
      ...EXPERIMENTAL,
      modes: ["replay", "branch"],
      effectSeamsManifest: "/host/effect-seams",
    },
    idempotency: {
      ...EXPERIMENTAL,
      crossRegion: "single-region",
    },
    webhooks: {
      status: "experimental",
      since: "2.0",
      until: "2.1",
      witness: "witnessable-gated",
      signatureAlgorithms: ["v1"],
      retryPolicy: { maxAttempts: MAX_ATTEMPTS, backoff: "exponential" },
      deadLetter: {
        retentionDays: DEAD_LIFE_DAYS,
        maxPageSize: DEAD_LETTER_PAGE,
      },
    },
  };
}
