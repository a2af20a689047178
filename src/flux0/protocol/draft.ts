// Web standards only.
import { isJsonObject } from "../../http/mod.ts";
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type {
  FinishedEvent,
  MessagePart,
  Participant,
  ToolResult,
} from "./events.ts";
import type { ChunkEvent } from "./frames.ts";
import { finish } from "./finish.ts";
import { applyPatch, ensureParents, take, weigh } from "./patch.ts";
import type { Document, Room } from "./patch.ts";
import { isText } from "./text.ts";

/** What a document is about to become. */
export type DraftType = "message" | "reasoning" | "tool_call" | "tool_result";

/** A document that the agent is writing. It grows: what you read is how it stands. */
export interface Draft {
  /** The id that the agent uses in the stream; no id of the history. */
  readonly id: string;
  /** Belongs to one message of the user. */
  readonly correlationId: string;
  /** What it looks like so far. */
  readonly type: DraftType;
  /** Who writes; a draft without the name of its agent is shown, but the servers that were seen do not store it. */
  readonly participant: Participant | undefined;
  /** The text so far; empty where it is no text. */
  readonly text: string;
  /** The document so far, `undefined` before the first change. Do not change it. */
  readonly value: JsonValue | undefined;
  /** The pieces of the message so far, tool calls included; made anew each time, content that is no text shared. */
  readonly parts: readonly MessagePart[];
  /** The results of tools so far; made anew each time. */
  readonly toolResults: readonly ToolResult[];
  /** What the server stores if the draft is finished as it is; `undefined` for nothing. */
  toEvent(): FinishedEvent | undefined;
}

/** What one chunk did. */
export interface DraftChange {
  /** The draft. */
  readonly draft: Draft;
  /** The text that came to its end, `undefined` where what was said before has changed. */
  readonly delta: string | undefined;
  /** What could not be applied, and why; empty where all is well. */
  readonly problems: readonly string[];
}

/** One document. */
class GrowingDraft implements Draft {
  readonly id: string;
  readonly correlationId: string;
  readonly metadata: JsonObject;
  text = "";
  /** What is there, as a document. */
  root: Document | undefined;
  /** Whether it is a list of nothing but text, as long as it is a list. */
  #isTextual = true;

  constructor({ event_id, correlation_id, metadata }: ChunkEvent) {
    this.id = event_id;
    this.correlationId = correlation_id;
    this.metadata = isJsonObject(metadata) ? metadata : {};
  }

  get value(): JsonValue | undefined {
    return this.root;
  }

  get type(): DraftType {
    const { root, metadata } = this;
    if (typeof root === "object" && root !== null) {
      if (Object.hasOwn(root, "tool_calls")) return "tool_call";
      if (Object.hasOwn(root, "tool_call_results")) return "tool_result";
    }
    return metadata.kind === "reasoning" ? "reasoning" : "message";
  }

  get participant(): Participant | undefined {
    const { agent_id: id = null, agent_name: name } = this.metadata;
    return typeof name === "string"
      ? { id: id as string | null, name }
      : undefined;
  }

  get parts(): readonly MessagePart[] {
    const data = finish(this.root, this.metadata)?.data;
    return data?.type === "message" ? data.parts : [];
  }

  get toolResults(): readonly ToolResult[] {
    const data = finish(this.root, this.metadata)?.data;
    return data?.type === "tool_call_result" ? data.tool_calls : [];
  }

  toEvent(): FinishedEvent | undefined {
    return this.participant && finish(this.root, this.metadata);
  }

  /** Takes a chunk in. Source: the servers apply chunks in this way before they hand them on. */
  grow({ patches }: ChunkEvent, room: Room): DraftChange {
    const problems: string[] = [];
    const before = this.text;
    let delta: string | undefined = "";
    let isRewritten = false;
    for (const patch of patches) {
      try {
        const { op, path, value } = patch;
        if (op === "add" || op === "replace") {
          this.root = ensureParents(this.root, path, room);
        }
        const { root } = this;
        const isAppended = op === "add" && Array.isArray(root) &&
          (path === "/-" || path === `/${root.length}`);
        this.root = applyPatch(root, patch, room);
        if (isAppended && this.#isTextual && isText(value)) {
          // Engines keep ropes: to add to a text does not copy it.
          this.text += value;
          delta += value;
        } else if (!isAppended || this.#isTextual) isRewritten = true;
      } catch (error) {
        if (!(error instanceof RangeError) || room.left < 0) throw error;
        problems.push(error.message);
      }
    }
    if (isRewritten) {
      this.text = this.#readText();
      delta = this.text.startsWith(before)
        ? this.text.slice(before.length)
        : undefined;
    }
    return { draft: this, delta, problems };
  }

  #readText(): string {
    const { root } = this;
    // Servers of Python call both None.
    this.#isTextual = root === undefined || root === null ||
      (Array.isArray(root) && root.every(isText));
    if (isText(root)) return root;
    return Array.isArray(root) && this.#isTextual ? root.join("") : "";
  }
}

/**
 * Puts the chunks of one stream together, one document for each id: what `sessions.send()` does for you, for chunks that
 * you get in another way.
 *
 * It goes by the order in which the chunks come and by nothing else, takes time that is linear in what comes, and is
 * bounded in size and depth. What cannot be applied is told and left out.
 *
 * @example
 * ```ts
 * import { Assembly } from "@tutti/sdk/flux0";
 * import assert from "node:assert/strict";
 *
 * const assembly = new Assembly(1_000_000);
 * for (const value of ["Prob", "ably dry."]) {
 *   const { draft, delta } = assembly.add({
 *     correlation_id: "RID(a)::b",
 *     event_id: "run-1",
 *     seq: 0,
 *     patches: [{ op: "add", path: "/-", value }],
 *     metadata: { agent_id: "aB3dE6gH9j", agent_name: "Meteo" },
 *     timestamp: 0,
 *   });
 *   assert.equal(delta, value);
 *   assert.ok(draft.text.endsWith(value));
 * }
 * const [message] = assembly.drafts;
 * assert.deepEqual(message?.parts, [{ type: "content", content: "Probably dry." }]);
 * ```
 */
export class Assembly {
  readonly #drafts = new Map<string, GrowingDraft>();
  readonly #room: Room;

  /**
   * Makes an empty one.
   *
   * @param room How many values and characters there may be in all.
   */
  constructor(room: number) {
    this.#room = { left: room };
  }

  /** In the order in which they began. */
  get drafts(): readonly Draft[] {
    return [...this.#drafts.values()];
  }

  /**
   * Takes the next chunk in, whatever its `seq` says.
   *
   * @throws {RangeError} there is no room left; the assembly is of no use afterwards.
   */
  add(chunk: ChunkEvent): DraftChange {
    let draft = this.#drafts.get(chunk.event_id);
    if (!draft) {
      this.#drafts.set(chunk.event_id, draft = new GrowingDraft(chunk));
      this.spend([chunk.event_id, chunk.metadata]);
    }
    return draft.grow(chunk, this.#room);
  }

  /** Counts what is kept beside the documents. */
  spend(value: unknown): void {
    take(this.#room, weigh(value));
  }
}
