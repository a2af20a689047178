// Web standards only.
import type {
  JsonObject,
  JsonValue,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";

/** Why a workflow cannot be given these inputs. */
export interface InputProblem {
  /** The first variable that is at fault. */
  readonly name: string;
  /** What is wrong with it, as the end of a sentence about the workflow. */
  readonly problem: string;
  /** Every required variable without a value, if that is the fault. */
  readonly missing?: readonly string[];
}

/**
 * Compares what a run is given with the variables that its workflow declares. More than those may be given.
 *
 * `null` stands for no value, where none is required. What is declared as `object` may be anything: it is also the word
 * for what the five types cannot say, such as a text or nothing. Source: v1 §13.3.
 */
export function inputProblem(
  { variables }: WorkflowDefinition,
  inputs: JsonObject,
): InputProblem | undefined {
  const missing = variables.filter((
    { name, required, defaultValue },
  ) =>
    required === true && defaultValue === undefined &&
    !Object.hasOwn(inputs, name)
  ).map(({ name }) => name);
  const [first] = missing;
  if (first !== undefined) {
    const names = missing.map((name) => `"${name}"`).join(", ");
    return { name: first, problem: `requires ${names}`, missing };
  }
  for (const { name, type, required } of variables) {
    const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (value === undefined || type === "object") continue;
    const found = typeOf(value);
    if (found === type || (found === "null" && !required)) continue;
    return {
      name,
      problem: `wants "${name}" to be of type ${type}, this is ${found}`,
    };
  }
  return undefined;
}

function typeOf(value: JsonValue): string {
  return value === null
    ? "null"
    : Array.isArray(value)
    ? "array"
    : typeof value;
}
