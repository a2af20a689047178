// Web standards only.
import { issuePointer } from "../http/mod.ts";
import type { RunCommand } from "../engine/mod.ts";
import type {
  EventDraft,
  JsonObject,
  NodeContext,
  NodeImplementation,
  RunError,
  StandardIssue,
  StandardResult,
} from "../openwop/protocol/mod.ts";
import { emitter } from "./emitter.ts";
import { copyJson } from "./json_value.ts";
import { findJsonProblem, isJsonObject } from "../openwop/protocol/mod.ts";

/** Longest message of an error or a log line that goes into a log. */
export const MAX_MESSAGE = 2_000;

/** How many issues of a schema are told. */
const MAX_ISSUES = 20;

/** One execution of the code of a node. */
export interface Execution {
  /** What the engine wants. */
  readonly command: RunCommand;
  /** Whose code. */
  readonly implementation: NodeImplementation;
  /** `<tenant>/<opaque>`. */
  readonly runId: string;
  /** The most bytes of JSON in its output, and in each of its events. @default any number */
  readonly maxBytes?: number | undefined;
  /** Of this execution, the same for every attempt of it. */
  readonly idempotencyKey: string;
  /** Aborted when nobody wants the outcome any more. */
  readonly signal: AbortSignal;
  /** Takes a log line. */
  readonly log: NodeContext["log"];
  /** Takes an event of the step's own, already checked. */
  readonly emit: (type: string, payload: JsonObject) => Promise<void>;
  /** Asks somebody else. */
  readonly interrupt: NodeContext["interrupt"];
  /** Is told what the code threw, with its stack, which never reaches the wire. */
  readonly onThrow: (error: unknown) => void;
}

/** What became of an execution, ready for the log. */
export type Outcome = Extract<
  EventDraft,
  { readonly type: "node.completed" | "node.failed" }
>;

/**
 * Runs the code of a node between its two schemas. Never rejects: whatever goes wrong becomes `node.failed`.
 *
 * The code gets its own copy of the inputs, and of its outputs a copy is recorded, so that nothing it keeps and changes
 * later reaches the log.
 */
export async function perform(execution: Execution): Promise<Outcome> {
  const { command, implementation, runId, signal } = execution;
  const { nodeId } = command;
  try {
    const { input: before, output: after } = implementation;
    const inputs = copyJson(command.inputs);
    const input = before === undefined ? inputs : accepted(
      await before["~standard"].validate(inputs),
      "node_input_invalid",
      `the input of node "${nodeId}"`,
    );
    const context: NodeContext = {
      signal,
      runId,
      nodeId,
      attempt: command.attempt,
      idempotencyKey: execution.idempotencyKey,
      config: copyJson(command.config),
      log: execution.log,
      emit: emitter(implementation, (type, payload) => {
        checkSize(payload, execution.maxBytes, `event of node "${nodeId}"`);
        return execution.emit(type, payload);
      }),
      interrupt: execution.interrupt,
    };
    signal.throwIfAborted();
    const given = await implementation.run(input as never, context);
    const output = after === undefined ? given : accepted(
      await after["~standard"].validate(given),
      "node_output_invalid",
      `the output of node "${nodeId}"`,
    );
    const outputs = toOutputs(nodeId, output);
    checkSize(outputs, execution.maxBytes, `output of node "${nodeId}"`);
    return { type: "node.completed", nodeId, payload: { nodeId, outputs } };
  } catch (thrown) {
    const attempts = command.attempt + 1;
    if (Failure.is(thrown)) {
      return failed(nodeId, thrown.error, attempts);
    }
    execution.onThrow(thrown);
    return failed(nodeId, describe(thrown), attempts);
  }
}

/** Shortens what people wrote to what a log can hold. */
export function clip(text: string): string {
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

/** A failure that is no bug of the node's code. */
class Failure extends Error {
  readonly #error: RunError;

  constructor(error: RunError) {
    super(error.message);
    this.#error = error;
  }

  get error(): RunError {
    return this.#error;
  }

  /** In place of `instanceof`, which lets what was thrown have a say. */
  static is(thrown: unknown): thrown is Failure {
    return typeof thrown === "object" && thrown !== null && #error in thrown;
  }
}

function failed(nodeId: string, error: RunError, attempts: number): Outcome {
  return {
    type: "node.failed",
    nodeId,
    payload: { nodeId, error, attempts },
  };
}

/** What a schema made of a value. */
function accepted(
  result: StandardResult<unknown>,
  code: string,
  what: string,
): unknown {
  if (result.issues === undefined) return result.value;
  const issues = result.issues.slice(0, MAX_ISSUES).map(toIssue);
  const [first] = issues;
  throw new Failure({
    code,
    message: clip(
      `Cannot use ${what}: ${first?.message ?? "its schema refuses it"}${
        first?.pointer ? ` at ${first.pointer}` : ""
      }`,
    ),
    details: { issues },
  });
}

function toIssue(issue: StandardIssue): { pointer: string; message: string } {
  return { pointer: issuePointer(issue), message: clip(String(issue.message)) };
}

function toOutputs(nodeId: string, output: unknown): JsonObject {
  // A step that only has an effect gives nothing back.
  if (output === undefined) return {};
  const found = isJsonObject(output)
    ? findJsonProblem(output)
    : { pointer: "", problem: `it is ${kindOf(output)}` };
  if (found === undefined) return copyJson(output as JsonObject);
  throw new Failure({
    code: "node_output_invalid",
    message: clip(
      `Cannot record the output of node "${nodeId}": a plain JSON object is wanted${
        found.pointer ? `, at ${found.pointer}` : ","
      } ${found.problem}`,
    ),
    details: { pointer: found.pointer },
  });
}

/** @throws {Failure} `payload_too_large`. */
function checkSize(
  value: JsonObject,
  most: number | undefined,
  what: string,
): void {
  if (most === undefined) return;
  const { length } = new TextEncoder().encode(JSON.stringify(value));
  if (length <= most) return;
  throw new Failure({
    code: "payload_too_large",
    message: clip(
      `Cannot record the ${what}: it has ${length} bytes, ${most} is the most`,
    ),
    details: { bytes: length, maxBytes: most },
    retryable: false,
  });
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

/** Says what was thrown, in the terms of v2 §12.1. The stack stays here. */
function describe(thrown: unknown): RunError {
  const error = (typeof thrown === "object" && thrown !== null)
    ? thrown as { message?: unknown; code?: unknown; retryable?: unknown }
    : { message: thrown };
  const retryable = read(error, "retryable");
  return {
    code: codeOf(error),
    message: clip(
      textOf(read(error, "message")) || "the node threw without a message",
    ),
    // `false` too: such an error is not tried again.
    ...(typeof retryable === "boolean" && { retryable }),
  };
}

/** The error's own code where it looks like one of the registry or of a vendor (v2 §12.1, §12.2). */
function codeOf(error: object): string {
  const code = read(error, "code");
  return typeof code === "string" && code.length <= 128 &&
      /^(?!openwop\.)([a-z][a-z0-9]*(-[a-z0-9]+)*\.)?[a-z][a-z0-9_]*$/
        .test(code)
    ? code
    : "node_failed";
}

/** What was thrown is untrusted too: a getter of it may throw again. */
function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  try {
    return value === undefined ? "" : String(value);
  } catch {
    return "";
  }
}
