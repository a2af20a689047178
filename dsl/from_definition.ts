// Web standards only.
import { InvalidArgumentError } from "../src/openwop/mod.ts";
import {
  checkDefinition,
  DefinitionError,
  findJsonProblem,
  type JsonObject,
  type JsonValue,
  type NodeImplementation,
  type WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import type { AnyAnswer } from "./answers.ts";
import { Workflow } from "./built.ts";

/** The interrupts of a workflow of which no types are known: by any name, answered with anything. */
export type AnyGates = Readonly<
  Record<
    string,
    {
      readonly kind: string;
      readonly answer: JsonValue | AnyAnswer;
      readonly data: unknown;
    }
  >
>;

/**
 * Reads a definition of any origin: written by hand, made by an editor, stored, or fetched from a host. Nothing is added,
 * removed or put in another order: `JSON.stringify()` gives back what came in.
 *
 * @param json A definition, as JSON text or as a value.
 * @param nodes The code of the code nodes that it names, if it is to run where you are.
 * @throws {DefinitionError} `definition-invalid`, listing every problem.
 *
 * @example
 * ```ts
 * import { delay, fromDefinition, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const built = workflow("wait", { version: "1.0.0" }).input().use(delay("breathe", "1s")).build();
 * const text = JSON.stringify(built);
 * const read = fromDefinition(text);
 * assert.equal(JSON.stringify(read), text);
 * assert.equal(await read.hash(), await built.hash());
 * ```
 */
export function fromDefinition(
  json: unknown,
  nodes: readonly NodeImplementation[] = [],
): Workflow<JsonObject, JsonObject, string, AnyGates> {
  const value: unknown = typeof json === "string" ? parse(json) : json;
  const issues = checkDefinition(value);
  if (issues.length > 0) {
    const id = (value as { id?: unknown } | null | undefined)?.id;
    throw new DefinitionError(typeof id === "string" ? id : "?", issues);
  }
  const found = findJsonProblem(value);
  if (found) {
    throw new InvalidArgumentError(`json${found.pointer}`, found.problem);
  }
  // A copy: what is built is frozen, and the caller's value is not ours.
  const definition = JSON.parse(JSON.stringify(value)) as WorkflowDefinition;
  return new Workflow(definition, nodes, new Map());
}

/** What the JSON says, or nothing where it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
