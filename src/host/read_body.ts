// Web standards only.
import {
  CONFIGURABLE_SECTIONS,
  isJsonObject,
  pointerPart,
} from "../openwop/protocol/mod.ts";
import type { JsonObject, JsonValue } from "../openwop/protocol/mod.ts";
import { invalid, Refusal } from "./refusal.ts";

const MAX_TAGS = 100;
const MAX_TAG_LENGTH = 256;

/** A body that is an object with no other members than those named. Source: v2 §8.1 and others, "closed". */
export function closedObject(
  value: JsonValue | undefined,
  members: readonly string[],
  pointer: string = "",
): JsonObject {
  if (!isJsonObject(value)) {
    throw invalid(
      `Cannot use the request: ${pointer || "its body"} must be a JSON object`,
      pointer,
    );
  }
  for (const key of Object.keys(value)) {
    if (members.includes(key)) continue;
    throw invalid(
      `Cannot use the request: ${pointer || "its body"} may hold ${
        members.join(", ")
      } and nothing else`,
      pointer + pointerPart(key),
    );
  }
  return value;
}

/** The member as an object, `undefined` where it is absent. */
export function optionalObject(
  from: JsonObject,
  key: string,
  pointer: string = "",
): JsonObject | undefined {
  const value = from[key];
  if (value === undefined || isJsonObject(value)) return value;
  throw invalid(
    `Cannot use the request: ${key} must be an object`,
    `${pointer}/${key}`,
  );
}

/** The member as a text of at most `longest` UTF-16 units, `undefined` where it is absent. */
export function optionalText(
  from: JsonObject,
  key: string,
  longest: number,
): string | undefined {
  const value = from[key];
  if (value === undefined) return undefined;
  if (typeof value === "string" && value.length <= longest) return value;
  throw invalid(
    `Cannot use the request: ${key} must be a text of at most ${longest} characters`,
    `/${key}`,
  );
}

/** The tags of a run: opaque, up to a number and a length. Source: v2 §8.1. */
export function optionalTags(
  from: JsonObject,
  pointer: string = "",
): readonly string[] | undefined {
  const tags = from["tags"];
  if (tags === undefined) return undefined;
  const at = `${pointer}/tags`;
  if (!Array.isArray(tags)) {
    throw invalid("Cannot use the request: tags must be a list", at);
  }
  if (tags.length > MAX_TAGS) {
    throw invalid(
      `Cannot use the request: it has ${tags.length} tags, ${MAX_TAGS} is the most`,
      at,
      { maxTags: MAX_TAGS },
    );
  }
  tags.forEach((tag, index) => {
    if (
      typeof tag === "string" && tag !== "" && lengthOf(tag) <= MAX_TAG_LENGTH
    ) {
      return;
    }
    throw invalid(
      `Cannot use the request: a tag must be a text of 1 to ${MAX_TAG_LENGTH} characters`,
      `${at}/${index}`,
    );
  });
  // Checked one by one.
  return tags as readonly string[];
}

/** A whole number of at least 0, `undefined` where it is absent. */
export function optionalSequence(
  from: JsonObject,
  key: string,
): number | undefined {
  const value = from[key];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
    return value;
  }
  throw invalid(
    `Cannot use the request: ${key} must be a whole number of at least 0`,
    `/${key}`,
  );
}

/** The sections of the options of a run. Source: v2 §8.2. */
export const OPTION_SECTIONS: readonly string[] = [
  "version",
  "run",
  "budget",
  "ai",
  "distillation",
  "extensions",
];

/**
 * The options of a run. Source: v2 §8.2. A budget is refused here rather than taken and not kept.
 *
 * @param partial Whether they are to be merged over others, so that the version may be left out.
 */
export function optionalConfigurable(
  from: JsonObject,
  pointer: string = "",
  partial: boolean = false,
): JsonObject | undefined {
  const options = optionalObject(from, "configurable", pointer);
  if (options === undefined) return undefined;
  const at = `${pointer}/configurable`;
  closedObject(options, OPTION_SECTIONS, at);
  const version = options["version"];
  if (version !== 1 && !(partial && version === undefined)) {
    throw invalid(
      "Cannot use the request: the version of configurable must be 1",
      `${at}/version`,
    );
  }
  for (const [name, keys] of Object.entries(CONFIGURABLE_SECTIONS)) {
    const section = optionalObject(options, name, at);
    if (section) closedObject(section, keys, `${at}/${name}`);
  }
  checkLimits(options, at);
  if (isJsonObject(options["ai"]) && "mockProvider" in options["ai"]) {
    throw new Refusal(
      403,
      "mock_provider_forbidden",
      "Cannot run with configurable.ai.mockProvider: this host has none",
    );
  }
  if (options["budget"] === undefined) return options;
  throw new Refusal(
    422,
    "capability_required",
    "Cannot run with configurable.budget: this host does not keep it",
    { requiredCapability: "configurable.budget" },
  );
}

function checkLimits(options: JsonObject, at: string): void {
  const run = optionalObject(options, "run", at);
  if (run === undefined) return;
  for (const name of CONFIGURABLE_SECTIONS["run"]!) {
    const value = run[name];
    if (value === undefined) continue;
    const fits = typeof value === "number" &&
      (name === "escalationThreshold"
        ? value >= 0 && value <= 1
        : Number.isSafeInteger(value) && value >= 1);
    if (fits) continue;
    throw invalid(
      `Cannot use the request: ${name} must be ${
        name === "escalationThreshold"
          ? "a number from 0 to 1"
          : "a whole number of at least 1"
      }`,
      `${at}/run/${name}`,
    );
  }
}

/** Characters, not UTF-16 units: what JSON Schema counts. */
function lengthOf(text: string): number {
  return text.length <= MAX_TAG_LENGTH ? text.length : [...text].length;
}
