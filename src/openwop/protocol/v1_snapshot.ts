// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import { objectOf, text } from "./envelope.ts";

/** What a version 2 snapshot may have. Source: v2 §8.3. */
const fields = new Set(
  "runId workflowId status owner eventLogSchemaVersion currentNodeId startedAt completedAt nodeStates variables channels error engineVersion tags metadata configurable metrics agent runOrchestrator parentRunId inputs compensationStatus extensions"
    .split(" "),
);

/** The fields that become something else. */
const renamed = new Set(["endedAt", "principal", "principalKind"]);

/**
 * Reads the snapshot of a version 1 host: the end by either name, the owner with a Subject, and what version 2 has no
 * field for in `extensions.v1`. Source: v2 §5, §7.4, §8.3; v1 §6.5.
 */
export function readSnapshot(from: JsonObject): JsonObject {
  const known: [string, JsonValue][] = [];
  const other: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(from)) {
    // Some hosts write null where others write nothing.
    if (value === null || renamed.has(name)) continue;
    (fields.has(name) ? known : other).push([name, value]);
  }
  const endedAt = text(from.endedAt);
  return {
    eventLogSchemaVersion: 2,
    ...(endedAt !== undefined && { completedAt: endedAt }),
    ...Object.fromEntries(known),
    owner: readOwner(from),
    ...(other.length > 0 && {
      extensions: {
        ...objectOf(from.extensions),
        v1: Object.fromEntries(other),
      },
    }),
  };
}

/** Reads the owner in `from`; a principal without a Subject gets the one for old runs. Source: v2 §8.3. */
export function readOwner(from: JsonObject): JsonObject {
  const { principal, ...owner } = objectOf(from.owner) ?? {};
  const tenant = text(owner.tenant) ?? "";
  const kind = text(from.principalKind) ?? "user";
  return {
    ...owner,
    tenant,
    subject: objectOf(owner.subject) ?? {
      issuer: "urn:openwop:legacy",
      subjectId: text(principal) ?? text(from.principal) ?? "",
      tenant,
      lane: kind === "anonymous" ? kind : "api-key",
      kind,
    },
  };
}
