// Web standards only.
import type {
  ChannelDeclaration,
  JsonObject,
  JsonValue,
  StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";
import { checkChannels } from "./check/nodes.ts";
import { construct } from "./construct.ts";
import { isCount } from "./count.ts";
import { jsonSchemaOf } from "./fields.ts";
import type { Adding } from "./flow.ts";
import { asked, schemaAt, valueAt } from "./given.ts";
import type {
  AnyPart,
  FreeName,
  From,
  Named,
  NoOutputs,
  UsedBy,
} from "./parts.ts";
import { append } from "./place.ts";
import type { PlainJson, UnlessFault } from "./plain.ts";
import { present } from "./present.ts";
import { type MaybeRef, type Ref, type RefTo, targetOf } from "./ref.ts";
import { naming } from "./scope.ts";
import { milliseconds } from "./step.ts";

/** How writes to a channel add up. */
export type Reducer =
  | "replace"
  | "append"
  | "merge"
  | "counter"
  | "votes"
  | "feedback"
  | "message";

const reducers = /^(replace|append|merge|counter|votes|feedback|message)$/;

/** What a channel holds, by how its writes add up. */
export type StateOf<T, Kind extends Reducer> = Kind extends
  "replace" | "merge" | "counter" ? T : T[];

/** A reference to a channel: to what it holds, and to where it is written. */
export interface ChannelRef<T, State> extends MaybeRef<State> {
  /** Never present at run time. */
  readonly "~channel": T;
}

/** A sentence for writes that do not add up in this way. */
export type WriteFault<T, Kind extends Reducer> = Kind extends "counter"
  ? [T] extends [number] ? never : "a counter adds numbers: use another reducer"
  : Kind extends "merge"
    ? [T] extends [object]
      ? T extends readonly unknown[]
        ? "lists do not merge: use the reducer append"
      : never
    : "merge takes objects: use another reducer"
  : never;

/** What is written to a channel, and how writes add up. */
export interface ChannelOptions<T, Kind extends Reducer> {
  /** `counter` adds numbers, `merge` merges objects, `message` takes each `messageId` once. */
  readonly reducer: Kind;
  /** What one write looks like: any Standard Schema, or `type<T>()`. */
  readonly of:
    & StandardSchemaV1<unknown, T>
    & PlainJson<T>
    & UnlessFault<WriteFault<T, Kind>>;
  /** What it holds before the first write. */
  readonly default?: StateOf<T, Kind>;
  /** Only the newest entries are kept. */
  readonly maxSize?: number;
  /** Entries go after this time, as in `"1d"`; `append`, `votes` and `feedback` only. */
  readonly ttl?: string | number;
  /** Who may read and write: names of steps, or type ids with a `*` at the end. @default "public" */
  readonly access?: ChannelDeclaration["access"];
  /** Masked wherever it is shown. @default false */
  readonly sensitive?: boolean;
}

/**
 * Declares a channel: state that many steps write to at once, where writes add up instead of replacing each other.
 *
 * @param name Unique among channels, variables, inputs and steps.
 * @param options How writes add up, and what they look like.
 *
 * @example
 * ```ts
 * import { channel, type, workflow, write } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const review = workflow("review", { version: "1.0.0" })
 *   .input(type<{ text: string }>())
 *   .use(channel("notes", { reducer: "append", of: type<string>(), maxSize: 100 }))
 *   .parallel({
 *     a: (w) => w.use(write("style", ({ notes }) => notes, () => "shorter")),
 *     b: (w) => w.use(write("facts", ({ notes }) => notes, ({ input }) => input.text)),
 *   })
 *   .output(({ notes }) => ({ notes }))
 *   .build();
 * assert.deepEqual(review.definition.channels, { notes: { reducer: "append", maxSize: 100 } });
 * ```
 */
export function channel<
  F extends AnyPart,
  const Name extends string,
  T,
  const Kind extends Reducer,
>(
  name: FreeName<Name, UsedBy<F>>,
  options: ChannelOptions<T, Kind>,
): Adding<
  F,
  Named<
    Name,
    & ChannelRef<T, StateOf<T, Kind>>
    & (Kind extends "replace" | "merge" ? unknown : RefTo<StateOf<T, Kind>>)
  >,
  Name
> {
  return construct(name, options, (place, problems) => {
    const { reducer, of, maxSize, ttl, access, sensitive } = options;
    if (!reducers.test(reducer)) problems.push(`no reducer is "${reducer}"`);
    if (maxSize !== undefined && !isCount(maxSize)) {
      problems.push(`a size of ${maxSize} cannot be: use 1 or more`);
    }
    const ttlMs = milliseconds("lifetime", ttl, problems);
    if (
      ttl !== undefined && !["append", "votes", "feedback"].includes(reducer)
    ) {
      problems.push(
        `entries of a channel that is "${reducer}" have no lifetime: use append, votes or feedback`,
      );
    }
    if (ttlMs !== undefined && ttlMs > 31_536_000_000) {
      problems.push("the longest lifetime of an entry is a year");
    }
    const declared: ChannelDeclaration = {
      reducer,
      ...present({
        schema: jsonSchemaOf(schemaAt(`${name}.of`, of), "output") as
          | JsonObject
          | undefined,
        default: options.default === undefined && reducer === "counter"
          ? 0
          : options.default as JsonValue | undefined,
        maxSize,
        ttlMs,
        access,
        sensitive: sensitive || undefined,
      }),
    };
    const { graph } = place;
    return {
      ...place,
      graph: {
        ...naming(graph, name),
        channels: { ...graph.channels, [name]: declared },
      },
    };
  });
}

/**
 * Writes to a channel.
 *
 * @param name Of the step.
 * @param target The channel, which `channel()` declared.
 * @param value A reference or a literal.
 */
export function write<
  F extends AnyPart,
  const Name extends string,
  T extends string | number | boolean | object | null,
  const Given extends T | Ref<T>,
>(
  name: FreeName<Name, UsedBy<F>>,
  target: From<F, { readonly "~channel": T }>,
  value: From<F, Given>,
): Adding<F, Named<Name, NoOutputs>, Name> {
  return construct(name, {}, (place, problems) => {
    const { channels = {} } = place.graph;
    const found = targetOf(asked(`${name}.target`, place, target));
    const channelName = found?.path[0] ?? "";
    const declared = Object.hasOwn(channels, channelName)
      ? channels[channelName]
      : undefined;
    if (!declared) {
      problems.push("it writes to what is not a channel: declare one");
    }
    const { reducer = "replace", ttlMs, maxSize } = declared ?? {};
    return append(place, {
      id: name,
      typeId: "core.channelWrite",
      config: { channelName, reducer, ...present({ ttlMs, maxSize }) },
      inputs: { value: valueAt(name, place, value) },
      checks: [checkChannels],
    });
  });
}
