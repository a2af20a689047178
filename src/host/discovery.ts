// Web standards only.
import { isVendorType } from "../engine/mod.ts";
import { hostCodecV1, PROTOCOL_VERSION } from "../openwop/protocol/mod.ts";
import type { Major, NodeImplementation } from "../openwop/protocol/mod.ts";
import { FORK_STATE } from "./fork_edit.ts";
import { EVENT_LOG_SCHEMA_VERSION } from "./projection.ts";
import {
  ALGORITHMS,
  DEAD_LETTER_PAGE,
  DEAD_LIFE_DAYS,
  MAX_ATTEMPTS,
  OVERLAP_S,
} from "./webhooks/policy.ts";
import type { Registry } from "./registry.ts";

/** What the header says for each major. */
export const VERSIONS: Readonly<Record<Major, string>> = {
  1: hostCodecV1.version,
  2: PROTOCOL_VERSION,
};

/** Every contract that a host of these majors serves. Source: v2 §2.1. */
export function versionsOf(majors: readonly Major[]): readonly string[] {
  return [...majors].sort().map((major) => VERSIONS[major]);
}

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
export const ENGINE_VERSION = 1;

/** What a host says about itself before a caller is known. */
export interface Announced {
  /** Its workflows. */
  readonly registry: Registry;
  /** The code of its steps. @default none */
  readonly nodes?: ReadonlyMap<string, NodeImplementation>;
  /** Which it speaks. @default version 2 alone */
  readonly majors?: readonly Major[];
  /** How old clients may be. @default any age */
  readonly minClientVersion?: string | undefined;
}

/**
 * The discovery document: closed, and without a word about what is not wired.
 *
 * A family is a promise of its whole floor, not of one operation (v2 §3.3).
 */
export function discoveryDocument(
  said: Announced,
): Record<string, unknown> {
  return {
    ...commonOf(said),
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
      signatureAlgorithms: [...ALGORITHMS],
      secretRotation: { overlapSeconds: OVERLAP_S },
      retryPolicy: { maxAttempts: MAX_ATTEMPTS, backoff: "exponential" },
      deadLetter: {
        retentionDays: DEAD_LIFE_DAYS,
        maxPageSize: DEAD_LETTER_PAGE,
      },
    },
  };
}

/** The discovery document of version 1. Source: v1 §4.1, §4.2; v2 §2.1. */
export function discoveryDocumentV1(
  said: Announced,
  maxRequestBodyBytes: number,
): Record<string, unknown> {
  return {
    protocolVersion: VERSIONS[1],
    ...commonOf(said),
    // Of models, none of which are here.
    supportedEnvelopes: [],
    schemaVersions: {},
    limits: {
      clarificationRounds: 3,
      schemaRounds: 2,
      envelopesPerTurn: 5,
      maxRequestBodyBytes,
    },
    supportedTransports: ["rest"],
    replay: { supported: true, modes: ["replay", "branch"] },
    runs: { pauseResume: true },
    debugBundle: { supported: true },
    restTransport: { conditionalRunGet: true },
    webhooks: { supported: true, signatureAlgorithms: ["v1"], durable: true },
  };
}

/**
 * Whose events may be in its logs, as far as that is declared: by the `events` of steps, and by nodes that emit. Names of
 * events are told to nobody here. Source: v2 §7.1.
 */
function vendorsOf({ registry, nodes }: Announced): object {
  const types = [...nodes?.values() ?? []]
    .flatMap(({ events = {} }) => Object.keys(events));
  for (const { definition } of registry.values()) {
    for (const { config: { eventType } } of definition.nodes) {
      if (typeof eventType === "string") types.push(eventType);
    }
  }
  const vendors = new Set(
    types.filter(isVendorType).map((type) => type.split(".")[0]!),
  );
  const entries = [...vendors].sort().map((org) => [`${org}.events`, {}]);
  return Object.fromEntries(entries);
}

function commonOf(said: Announced): Record<string, unknown> {
  const { registry, majors = [2], minClientVersion } = said;
  // Names of other workflows are nobody's business before a caller is known.
  const fixtures = [...registry.keys()]
    .filter((id) => id.startsWith("conformance-")).sort();
  return {
    protocolVersions: versionsOf(majors),
    // While version 1 is listed, it is the one (v2 §2.1).
    preferredVersion: VERSIONS[majors.includes(1) ? 1 : 2],
    implementation: IMPLEMENTATION,
    engineVersion: ENGINE_VERSION,
    eventLogSchemaVersion: EVENT_LOG_SCHEMA_VERSION,
    ...(minClientVersion !== undefined && { minClientVersion }),
    extensions: { [FORK_STATE]: { version: 1 }, ...vendorsOf(said) },
    ...(fixtures.length > 0 && { fixtures }),
  };
}
