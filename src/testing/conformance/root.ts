// Web standards only.
import { isJsonObject } from "../../openwop/protocol/mod.ts";
import { text } from "./expect.ts";
import type { Json } from "./expect.ts";

/** Keys of the root that are no family. Source: v2 §3.3. */
const METADATA = new Set(
  ("protocolVersion protocolVersions preferredVersion extensions " +
    "implementation engineVersion eventLogSchemaVersion configurable " +
    "observability minClientVersion runtimeCapabilities testing conformance " +
    "fixtures compliance discovery signingKeys").split(" "),
);

/** Spellings of the older major, which no root of version 2 has. Source: v2 §3.1. */
const OLD = new Set(
  "capabilities profiles supportedTransports grpc tier".split(" "),
);

const WITNESSES = [
  "witnessable-unaided",
  "witnessable-gated",
  "seam-gated",
  "claims-check",
  "negative-existence",
];

/**
 * What is wrong with a discovery document of version 2. Families that these checks do not know count as such when they
 * look like one: there are about 85, and more with each release. Source: v2 §3.2.
 */
export function rootProblem(document: Json): string | undefined {
  if (!isJsonObject(document)) return `no object: ${text(document)}`;
  for (const [key, value] of Object.entries(document)) {
    if (METADATA.has(key)) continue;
    if (OLD.has(key)) return `${key} belongs to version 1`;
    if (!/^[a-z][A-Za-z0-9]*$/.test(key)) return `${key} is no family`;
    const problem = recordProblem(value);
    if (problem) return `${key}: ${problem}`;
  }
  const { engineVersion, fixtures, eventLogSchemaVersion } = document;
  if (engineVersion !== undefined && !Number.isInteger(engineVersion)) {
    return `engineVersion is no integer: ${text(engineVersion)}`;
  }
  if (!Number.isInteger(eventLogSchemaVersion)) {
    return `eventLogSchemaVersion: ${text(eventLogSchemaVersion)}`;
  }
  if (fixtures !== undefined && !areNames(fixtures)) {
    return `fixtures: ${text(fixtures)}`;
  }
  return facetsProblem(document);
}

function recordProblem(record: Json): string | undefined {
  if (!isJsonObject(record)) return "no record";
  const { status, since, until, witness } = record as Record<string, Json>;
  if ("supported" in record) return "supported belongs to version 1";
  if (!["stable", "experimental", "deprecated"].includes(status)) {
    return `status ${text(status)}`;
  }
  if (!/^\d+\.\d+$/.test(since)) return `since ${text(since)}`;
  if (status === "stable" && until !== undefined) return "stable, with until";
  if (status !== "stable" && typeof until !== "string") return "no until";
  if (!WITNESSES.includes(witness)) return `witness ${text(witness)}`;
  return undefined;
}

/** Facets of the families that the floor is about. Source: v2 §3.3. */
function facetsProblem(document: Json): string | undefined {
  const { interrupt, replay, webhooks } = document;
  if (interrupt && !areNames(interrupt.tokenAlgs)) return "interrupt.tokenAlgs";
  if (replay) {
    if (!areNames(replay.modes)) return "replay.modes";
    if (replay.modes.some((mode: string) => !/^(replay|branch)$/.test(mode))) {
      return `replay.modes: ${text(replay.modes)}`;
    }
  }
  if (webhooks) {
    if (!areNames(webhooks.signatureAlgorithms)) {
      return "webhooks.signatureAlgorithms";
    }
    if (!webhooks.signatureAlgorithms.includes("v1")) return "no algorithm v1";
    const policy = webhooks.retryPolicy;
    if (policy && !(policy.maxAttempts >= 1)) return "retryPolicy.maxAttempts";
    if (policy && !/^(none|fixed|exponential)$/.test(policy.backoff)) {
      return `retryPolicy.backoff: ${text(policy.backoff)}`;
    }
  }
  return undefined;
}

function areNames(value: Json): boolean {
  return Array.isArray(value) && value.length > 0 &&
    value.every((one) => typeof one === "string" && one !== "") &&
    new Set(value).size === value.length;
}
