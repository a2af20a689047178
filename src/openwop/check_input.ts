// Web standards only.
import { checkObject, checkWhole, own, refuse } from "../http/mod.ts";
import type { OperationName } from "./protocol/mod.ts";

/** The fields of what the protocol calls closed; a `!` marks those that no host goes without. Source: v2 §5, §8.1; v1 §5.2, §6.1, §12. */
const closed: Partial<Record<OperationName, string>> = {
  "runs.create":
    "workflowId inputs tags metadata configurable tenantId scopeId residency callbackUrl mode evalSuiteRef agentId",
  "runs.bulkCancel": "runIds! reason",
  "runs.pause": "reason drainPolicy",
  "runs.resume": "reason",
  "runs.fork": "mode! fromSeq runOptionsOverlay",
  "runs.diff": "against!",
  "runs.createAnnotation": "signal! target note",
  "interrupts.resolve": "resumeValue!",
  "interrupts.resolveByToken": "resumeValue!",
  "webhooks.register":
    "url! events! secret tags signatureAlgorithms tenantId eventTypes",
  "webhooks.rotateSecret": "secret!",
  "agents.deploy":
    "version! transition! toState channel canaryPercent evalRunId reason",
  "triggerSubscriptions.create":
    "source! workflowId! dedupEnabled retryPolicy verification inputMapping",
  "audit.verify": "fromSeq! toSeq!",
};

/** Whole numbers by field: least and most. Source: v2 §6.4, §7.5, §7.6; v1 §5.2. */
const numbers: Readonly<Record<string, readonly [number, number]>> = {
  bufferMs: [0, 5_000],
  timeout: [1, 60],
  limit: [1, Infinity],
  maxEvents: [1, Infinity],
  fromSeq: [0, Infinity],
  fromSequence: [0, Infinity],
  toSeq: [0, Infinity],
  canaryPercent: [0, 100],
  rating: [1, 5],
};

/** Lists of strings by field: fewest, most, and the longest string. Source: v2 §8.1, §6.2 row 10, §11.1. */
const lists: Readonly<Record<string, readonly [number, number, number]>> = {
  tags: [0, 100, 256],
  runIds: [1, 100, Infinity],
  events: [1, Infinity, Infinity],
};

/**
 * Refuses here what every host must refuse: what is no object, an unknown or missing field of a closed one, a number or
 * list out of bounds. The rest is the host's to judge.
 *
 * @param name Which operation.
 * @param input Its body or query.
 * @throws {InvalidArgumentError} `invalid-argument`, naming the field. Nothing was sent.
 */
export function checkInput(name: OperationName, input: unknown): void {
  if (input === undefined) return;
  const record = checkObject(name, input);
  const fields = closed[name] ?? "";
  const allowed = fields.match(/\w+/g);
  for (const [field, value] of Object.entries(record)) {
    if (allowed && value !== undefined && !allowed.includes(field)) {
      refuse(field, `${name} takes no such field, only ${allowed.join(", ")}`);
    }
    checkField(field, value);
    if (field === "runOptionsOverlay" || field === "signal") {
      for (const [inner, part] of Object.entries(value ?? {})) {
        checkField(inner, part, `${field}.`);
      }
    }
  }
  for (const field of fields.match(/\w+(?=!)/g) ?? []) {
    if (record[field] === undefined) {
      refuse(field, `it is missing, ${name} needs it`);
    }
  }
}

/**
 * Refuses a number or a list out of bounds.
 *
 * @param field Its name.
 * @param value What it is to hold.
 * @param prefix What its name stands behind.
 * @throws {InvalidArgumentError} `invalid-argument`, naming the field.
 */
export function checkField(field: string, value: unknown, prefix = ""): void {
  if (value === undefined) return;
  const path = prefix + field;
  const range = own(numbers, field);
  if (range) checkWhole(path, value, ...range);
  const list = own(lists, field);
  if (list) {
    const [fewest, most, longest] = list;
    if (!Array.isArray(value)) {
      refuse(path, "a list is wanted");
    }
    if (value.length < fewest || value.length > most) {
      refuse(
        path,
        `${fewest} to ${most} entries are wanted, there are ${value.length}`,
      );
    }
    value.forEach((entry, index) => {
      // Counted as people and schemas count: by characters, not by UTF-16 units.
      if (
        typeof entry !== "string" || entry === "" ||
        (entry.length > longest && [...entry].length > longest)
      ) {
        refuse(
          `${path}[${index}]`,
          `a string of 1 to ${longest} characters is wanted`,
        );
      }
    });
  }
}
