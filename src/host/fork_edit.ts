// Web standards only.
import { outputsEdited } from "../engine/mod.ts";
import type { LogDraft, RunState } from "../engine/mod.ts";
import type {
  ChannelDeclaration,
  JsonObject,
  JsonValue,
  RunEvent,
} from "../openwop/protocol/mod.ts";
import { isJsonObject } from "../openwop/protocol/mod.ts";
import { closedObject, optionalObject } from "./read_body.ts";
import { invalid, Refusal } from "./refusal.ts";
import { stamp } from "./run_log.ts";
import type { RunRecord } from "./store.ts";

/** Under which name this host says in its discovery document that a fork may write over state. */
export const FORK_STATE = "tutti.fork-state";

/** What a fork writes over where it begins. */
export interface ForkEdit {
  /** Variables of the run, by name. */
  readonly variables: JsonObject;
  /** What channels hold, by name. */
  readonly channels: JsonObject;
  /** Outputs of steps that have completed before: by step, then by port; the others stay. */
  readonly outputs: Readonly<Record<string, JsonObject>>;
  /** Where it stands in the request. */
  readonly pointer: string;
}

/**
 * Takes `extensions.tutti.forkState` out of the options of a fork: it is done once, and is no option of the run.
 *
 * @param configurable The options, as they came.
 * @param at JSON pointer to `extensions` in the request.
 * @throws {Refusal} `400` for what cannot be right.
 */
export function takeEdit(
  configurable: JsonObject | undefined,
  at: string,
): { configurable: JsonObject | undefined; edit: ForkEdit | undefined } {
  const extensions = configurable?.["extensions"];
  const ours = isJsonObject(extensions) ? extensions["tutti"] : undefined;
  if (
    !configurable || !isJsonObject(extensions) || !isJsonObject(ours) ||
    ours["forkState"] === undefined
  ) return { configurable, edit: undefined };
  const { forkState, ...rest } = ours;
  const pointer = `${at}/tutti/forkState`;
  const body = closedObject(
    forkState,
    ["variables", "channels", "outputs"],
    pointer,
  );
  const { tutti: _, ...others } = extensions;
  const left = Object.keys(rest).length > 0
    ? { ...others, tutti: rest }
    : others;
  const { extensions: __, ...options } = configurable;
  return {
    configurable: Object.keys(left).length > 0
      ? { ...options, extensions: left }
      : options,
    edit: {
      variables: optionalObject(body, "variables", pointer) ?? {},
      channels: optionalObject(body, "channels", pointer) ?? {},
      outputs: readOutputs(
        optionalObject(body, "outputs", pointer) ?? {},
        `${pointer}/outputs`,
      ),
      pointer,
    },
  };
}

function readOutputs(
  outputs: JsonObject,
  pointer: string,
): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    Object.keys(outputs).map((name) => {
      // Its own message says which, and where.
      return [name, optionalObject(outputs, name, pointer)!];
    }),
  );
}

/**
 * The events that write the edit behind the history of a fork: what was is history, and stays as it was.
 *
 * @param state Where the history leads.
 * @param now Milliseconds since the epoch.
 * @throws {Refusal} `400` for a name that the workflow does not have, `422 fork_point_invalid` for a step that has not
 * completed at the fork point.
 */
export function editedFrom(
  record: RunRecord,
  state: RunState,
  { variables, channels, outputs, pointer }: ForkEdit,
  now: number,
): RunEvent[] {
  const { definition } = record;
  const unknown = (kind: string, name: string): Refusal =>
    invalid(
      `Cannot fork the run: the workflow has no ${kind} ${
        JSON.stringify(name)
      }`,
      pointer,
    );
  const known = new Set(definition.variables.map(({ name }) => name));
  const drafts: LogDraft[] = [];
  for (const [name, next] of Object.entries(variables)) {
    if (!known.has(name)) throw unknown("variable", name);
    const previous = Object.hasOwn(state.variables, name)
      ? state.variables[name]
      : undefined;
    drafts.push({
      type: "variable.changed",
      payload: { name, ...(previous !== undefined && { previous }), next },
    });
  }
  for (const [channel, value] of Object.entries(channels)) {
    const declared = own(definition.channels, channel);
    if (!declared) throw unknown("channel", channel);
    drafts.push({
      type: "channel.written",
      payload: {
        channel,
        value: aged(value, declared, now),
        reducer: "replace",
        writtenAt: "",
      },
    });
  }
  for (const [nodeId, edited] of Object.entries(outputs)) {
    const status = state.nodes.get(nodeId)?.status;
    if (!definition.nodes.some(({ id }) => id === nodeId)) {
      throw unknown("step", nodeId);
    }
    if (status !== "completed") {
      throw new Refusal(
        422,
        "fork_point_invalid",
        `Cannot fork the run with other outputs of ${
          JSON.stringify(nodeId)
        }: it has not completed there, it is ${status}`,
        { nodeId, status: status ?? "pending" },
      );
    }
    drafts.push(outputsEdited(nodeId, edited));
  }
  if (drafts.length > 0 && state.lastSequence < 0) {
    throw new Refusal(
      422,
      "fork_point_invalid",
      "Cannot fork the run with other state: it has none before its first event",
    );
  }
  return stamp(record, state.lastSequence, drafts, now);
}

/** Entries of a channel that forgets carry their time; those of an edit begin to age now. */
function aged(
  value: JsonValue,
  { reducer, ttlMs }: ChannelDeclaration,
  now: number,
): JsonValue {
  const ages = ttlMs !== undefined &&
    ["append", "votes", "feedback"].includes(reducer ?? "");
  return ages && Array.isArray(value)
    ? value.map((entry: JsonValue) => ({ value: entry, _ts: now }))
    : value;
}

function own<T>(
  from: Readonly<Record<string, T>> | undefined,
  name: string,
): T | undefined {
  return from && Object.hasOwn(from, name) ? from[name] : undefined;
}
