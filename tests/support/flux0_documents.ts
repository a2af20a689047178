import { isList, referencePatch } from "./json_patch.ts";
import type { Json, Operation } from "./json_patch.ts";

/** A chunk as an agent emits it. */
export interface Chunk {
  readonly id: string;
  readonly seq: number;
  readonly patches: readonly Operation[];
  readonly meta: { readonly [name: string]: Json };
}

/** What the server keeps for an event id until it is finished. */
interface Kept {
  document: Json | undefined;
  lastSeq: number;
  readonly meta: Chunk["meta"];
}

/** What is stored when an event is finished. */
export interface Finished {
  readonly type: "message" | "tool";
  readonly data: Json;
  readonly metadata: Json;
}

/** The documents of a session, as a flux0 server keeps them: plain and slow. */
export class Documents {
  readonly #kept = new Map<string, Kept>();

  /** Whether the chunk was applied, and is therefore handed on. */
  take(chunk: Chunk): boolean {
    const kept = this.#kept.get(chunk.id) ??
      { document: undefined, lastSeq: -1, meta: chunk.meta };
    const appends = chunk.patches.some(({ path }) => path.endsWith("/-"));
    if (!appends && chunk.seq !== kept.lastSeq + 1) return false;
    let { document } = kept;
    try {
      for (const patch of chunk.patches) {
        document = referencePatch(withParents(document, patch.path), patch);
      }
    } catch {
      return false;
    }
    this.#kept.set(chunk.id, { ...kept, document, lastSeq: chunk.seq });
    return true;
  }

  /** Finishes an event: what is stored for it, if anything. */
  finish(id: string): Finished | undefined {
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    return kept && toStored(kept.document, kept.meta);
  }
}

/** Creates what a path needs. Each step makes a new document. */
export function withParents(
  document: Json | undefined,
  path: string,
): Json {
  if (path === "" || path === "/") return document ?? {};
  const parts = path.replace(/^\/+/, "").replace(/\/+$/, "").split("/");
  const first = parts[0]!;
  return grow(document ?? (first === "-" || digits(first) ? [] : {}), parts);
}

function grow(value: Json, parts: readonly string[]): Json {
  const [part, next, ...rest] = parts;
  if (part === undefined || next === undefined) return value;
  if (part === "-") throw new RangeError("no parent");
  const empty: Json = digits(next) ? [] : {};
  if (digits(part)) {
    if (!isList(value)) throw new RangeError("no list");
    const index = Number(part);
    if (index > 100_000) throw new RangeError("too far");
    const padded = [...value];
    while (padded.length <= index) padded.push(empty);
    padded[index] = grow(padded[index]!, [next, ...rest]);
    return padded;
  }
  if (typeof value !== "object" || value === null || isList(value)) {
    throw new RangeError("no object");
  }
  const entries = new Map(Object.entries(value));
  const inner = entries.get(part);
  const kept = inner === undefined || (digits(next) && !isList(inner))
    ? empty
    : inner;
  entries.set(part, grow(kept, [next, ...rest]));
  return Object.fromEntries(entries);
}

const digits = (part: string): boolean => /^[0-9]+$/.test(part);

function toStored(
  document: Json | undefined,
  meta: Chunk["meta"],
): Finished | undefined {
  const { agent_id = null, agent_name, kind, ...metadata } = meta;
  const empty = JSON.stringify(document ?? "");
  if (['""', "[]", "{}"].includes(empty) || agent_name === undefined) {
    return undefined;
  }
  const message = (parts: readonly Json[], metadata: Json): Finished => ({
    type: "message",
    data: {
      type: "message",
      tags: null,
      flagged: null,
      parts,
      participant: { id: agent_id, name: agent_name },
    },
    metadata,
  });
  const object = document as { readonly [name: string]: Json };
  if (typeof document === "object" && "tool_calls" in object) {
    const calls = object.tool_calls as unknown as Call[];
    return message(
      calls.map(({ tool_call_id, tool_name, args }) => ({
        type: "tool_call",
        tool_call_id,
        tool_name,
        args: isList(args) ? JSON.parse(args.join("")) : args,
      })),
      null,
    );
  }
  if (typeof document === "object" && "tool_call_results" in object) {
    const calls = object.tool_call_results as unknown as Call[];
    return {
      type: "tool",
      data: {
        type: "tool_call_result",
        tool_calls: calls.map(({ tool_call_id, tool_name, args, data }) => ({
          tool_call_id,
          tool_name,
          args,
          result: {
            data: data!.result,
            metadata: {},
            control: { mode: "auto" },
          },
          error: null,
        })),
      },
      metadata: null,
    };
  }
  const content = isList(document!) &&
      document.every((item) => typeof item === "string")
    ? document.join("")
    : document!;
  return message([
    kind === "reasoning"
      ? { type: "reasoning", reasoning: content }
      : { type: "content", content },
  ], metadata);
}

interface Call {
  readonly tool_call_id: string;
  readonly tool_name: string;
  readonly args: Json;
  readonly data?: { readonly result: Json };
}
