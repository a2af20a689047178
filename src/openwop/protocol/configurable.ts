// Web standards only.
import {
  InvalidArgumentError,
  isJsonObject,
  own,
  present,
} from "../../http/mod.ts";
import type { JsonObject, JsonValue } from "../../http/mod.ts";

/**
 * Options of one run, nested as version 2 wants them; a version 1 host gets them flat. Source: v2 §8.2.
 */
export interface RunConfigurable {
  /** Of this object. @default 1 */
  readonly version?: 1 | undefined;
  /** Limits; the host may have lower ones. */
  readonly run?: {
    readonly recursionLimit?: number;
    readonly runTimeoutMs?: number;
    readonly maxLoopIterations?: number;
    readonly escalationThreshold?: number;
  } | undefined;
  /** Which model, and how it is asked. */
  readonly ai?: {
    readonly provider?: string;
    readonly model?: string;
    readonly temperature?: number;
    readonly maxTokens?: number;
    readonly credentialRef?: string;
    readonly promptOverrides?: Readonly<Record<string, string>>;
    readonly mockProvider?: JsonObject;
    readonly reasoningVerbosity?: "none" | "summary" | "full";
    readonly maxRefusals?: number;
  } | undefined;
  /** How much memory is made of a run. */
  readonly distillation?: { readonly tokenBudget?: number } | undefined;
  /** What the run may spend. */
  readonly budget?: JsonObject | undefined;
  /** By organisation. */
  readonly extensions?: Readonly<Record<string, JsonObject>> | undefined;
}

/** The keys of each closed section. Source: v2 §8.2. */
export const CONFIGURABLE_SECTIONS: Readonly<
  Record<string, readonly string[]>
> = {
  run: [
    "recursionLimit",
    "runTimeoutMs",
    "maxLoopIterations",
    "escalationThreshold",
  ],
  ai: [
    "provider",
    "model",
    "temperature",
    "maxTokens",
    "credentialRef",
    "promptOverrides",
    "mockProvider",
    "reasoningVerbosity",
    "maxRefusals",
  ],
  distillation: ["tokenBudget"],
};
const sections = CONFIGURABLE_SECTIONS;

/** The flat keys that stand for themselves: those of version 1 without a dot. */
const dotted = new Set(["provider", "credentialRef", "maxRefusals"]);

/** What version 1 knows and version 2 has no place for. */
const LEGACY = "v1";

/**
 * Refuses what a version 2 host would refuse, before anything is sent, and adds the version.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, for a key that the closed object does not have.
 */
export function checkConfigurable(value: JsonObject): JsonObject {
  for (const [name, section] of Object.entries(value)) {
    if (name === "version" || name === "budget" || name === "extensions") {
      continue;
    }
    const keys = own(sections, name);
    if (!keys) throw unknownKey(name, placeOf(name));
    for (const key of Object.keys(isJsonObject(section) ? section : {})) {
      if (!keys.includes(key)) throw unknownKey(`${name}.${key}`);
    }
  }
  return { version: 1, ...value };
}

/**
 * Writes nested options as version 1 wants them: one flat object with dotted keys. What is not nested stays as it is.
 * Source: v2 §8.2, v1 §6.2.
 */
export function flattenConfigurable(value: JsonObject): JsonObject {
  const flat: [string, JsonValue][] = [];
  for (const [name, section] of Object.entries(value)) {
    if (name === "version" && section === 1) continue;
    const isForeign = name === "extensions";
    if (!isJsonObject(section) || !(isForeign || own(sections, name))) {
      flat.push([name, section]);
      continue;
    }
    for (const [key, option] of Object.entries(section)) {
      if (!isForeign) flat.push([flatName(name, key), option]);
      else if (!isJsonObject(option)) flat.push([key, option]);
      else {
        for (const [inner, it] of Object.entries(option)) {
          flat.push([key === LEGACY ? inner : `${key}.${inner}`, it]);
        }
      }
    }
  }
  return Object.fromEntries(flat);
}

/** What version 1 calls an option of a section. */
function flatName(name: string, key: string): string {
  const isBare = name === "run" ||
    (name === "ai" && sections.ai!.includes(key) && !dotted.has(key));
  return isBare ? key : `${name}.${key}`;
}

/** Where a flat key of version 1 belongs: its section, and its name there. */
function placeOf(flat: string): readonly [string, string] | undefined {
  for (const [name, keys] of Object.entries(sections)) {
    for (const key of keys) {
      if (flat === `${name}.${key}` || flat === flatName(name, key)) {
        return [name, key];
      }
    }
  }
  return undefined;
}

/**
 * Reads flat options of version 1: the inverse of {@linkcode flattenConfigurable}. Keys with a prefix that is not one
 * of the protocol become extensions of that organisation, other unknown keys become `extensions.v1`.
 */
export function nestConfigurable(value: JsonObject): JsonObject {
  const nested: Option[] = [];
  const extensions: Option[] = [];
  const { budget, ...rest } = value;
  for (const [name, option] of Object.entries(rest)) {
    const place = placeOf(name);
    const keys = own(sections, name);
    const [, org = LEGACY, bare = name] = /^([^.]+)\.([^]*)/.exec(name) ?? [];
    if (place) nested.push([...place, option]);
    // Some hosts take an object where the text has dotted keys.
    else if (keys && isJsonObject(option)) {
      for (const [key, inner] of Object.entries(option)) {
        (keys.includes(key) ? nested : extensions).push([name, key, inner]);
      }
    } else extensions.push([org, bare, option]);
  }
  return present({
    version: 1,
    ...grouped(nested),
    budget,
    extensions: extensions[0] && grouped(extensions),
  });
}

/** An option: its section or organisation, its name there, its value. */
type Option = readonly [group: string, key: string, value: JsonValue];

function grouped(options: readonly Option[]): JsonObject {
  const groups = new Map<string, [string, JsonValue][]>();
  for (const [group, ...entry] of options) {
    const entries = groups.get(group) ?? [];
    groups.set(group, entries);
    entries.push(entry);
  }
  return Object.fromEntries(
    Array.from(groups, ([name, all]) => [name, Object.fromEntries(all)]),
  );
}

function unknownKey(
  key: string,
  place?: readonly [string, string],
): InvalidArgumentError {
  return new InvalidArgumentError(
    `configurable.${key}`,
    place
      ? `it belongs into configurable.${place.join(".")}`
      : "there is no such option; what belongs to a host goes into configurable.extensions",
  );
}
