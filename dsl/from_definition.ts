// Web standards only.
import {
  checkDefinition,
  DefinitionError,
  type DefinitionIssue,
  type JsonObject,
  type JsonValue,
  type NodeImplementation,
  type WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import type { AnyAnswer } from "./answers.ts";
import { Workflow } from "./built.ts";
import { checkKnobs } from "./check/knobs.ts";
import { nodeChecks } from "./check/nodes.ts";
import { checkSteps } from "./check/steps.ts";
import { jsonAt, wanted, within } from "./given.ts";
import type { DefinitionCheck } from "./graph.ts";
import { codeOf, type NodeType } from "./node.ts";

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

/** A kind of step that a definition names: code, or what `node()` and `core` give. */
export type KnownKind = NodeImplementation | NodeType<unknown, unknown>;

/** A {@linkcode Workflow} whose definition was read and not declared. */
export class ReadWorkflow
  extends Workflow<JsonObject, JsonObject, string, AnyGates> {
  readonly #checks: ReadonlySet<DefinitionCheck>;

  /** Made by {@linkcode fromDefinition}. */
  constructor(definition: WorkflowDefinition, kinds: readonly KnownKind[]) {
    super(
      definition,
      kinds.flatMap(codeOf),
      new Map(),
    );
    this.#checks = new Set([
      ...nodeChecks,
      ...kinds.flatMap((kind) => ("checks" in kind && kind.checks) || []),
    ]);
  }

  /**
   * Finds what is wrong with it although it is a definition: configs that can never be met, ways that are never taken,
   * nodes that nothing leads to. The rules are those of a declaration, and those that the kinds handed in bring.
   *
   * @returns All problems, each with its place and what to do; as of a declaration, those whose `severity` is `"warning"`
   * do no harm on a host that has what they name. `deploy()` refuses the others.
   */
  check(): readonly DefinitionIssue[] {
    const { definition } = this;
    return [
      // Names that only a declaration gives a meaning are no fault of a definition.
      ...checkSteps(definition).filter(({ severity }) => severity),
      ...[...this.#checks].flatMap((check) => check(definition)),
      ...checkKnobs(definition.configurableSchema ?? {}),
    ];
  }
}

/**
 * Reads a definition of any origin: written by hand, made by an editor, stored, or fetched from a host. Nothing is added,
 * removed or put in another order: `JSON.stringify()` gives back what came in.
 *
 * @param json A definition, as JSON text or as a value.
 * @param kinds The kinds of steps that it names, as far as you have them: the code, if it is to run where you are, and
 * others whose rules are to be checked.
 * @returns A workflow whose `check()` says what can never be in it, which is no reason to refuse to read it.
 * @throws {DefinitionError} `definition-invalid`, listing every problem of what is no definition.
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
 *
 * // By hand, a gate can be written that never opens.
 * const gate = {
 *   ...built.definition.nodes[0],
 *   typeId: "core.approvalGate",
 *   config: { title: "Go on?", requiredApprovals: 2, approversList: ["ann"] },
 *   inputs: {},
 * };
 * const [issue] = fromDefinition({ ...built.definition, nodes: [gate] }).check();
 * assert.equal(issue?.message, "2 must accept and only 1 may answer");
 * assert.equal(issue?.pointer, "/nodes/0/config/requiredApprovals");
 * ```
 */
export function fromDefinition(
  json: unknown,
  kinds: readonly KnownKind[] = [],
): ReadWorkflow {
  return within("kinds", () => {
    for (const kind of wanted("kinds", "list", kinds)) {
      wanted("kinds.typeId", "string", kind?.typeId);
    }
    return new ReadWorkflow(definitionIn(json), kinds);
  });
}

/**
 * The definition that `json` is.
 *
 * @throws {DefinitionError} `definition-invalid`, listing every problem.
 */
export function definitionIn(json: unknown): WorkflowDefinition {
  // A copy: what is built is frozen, and the caller's value is not ours.
  const value: unknown = typeof json === "string"
    ? parse(json)
    : json && jsonAt("json", json);
  const issues = checkDefinition(value);
  if (issues.length > 0) {
    const id = (value as { id?: unknown } | null | undefined)?.id;
    throw new DefinitionError(typeof id === "string" ? id : "?", issues);
  }
  return value as WorkflowDefinition;
}

/** What the JSON says, or nothing where it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
