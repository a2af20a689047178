// Web standards only.
import type { JsonObject, JsonValue } from "../openwop/protocol/mod.ts";
import { pointerPart } from "../openwop/protocol/mod.ts";
import { nextStep } from "./builtins.ts";
import { nextOfChild } from "./children.ts";
import type { GraphNode } from "./graph.ts";
import type { InputScope } from "./inputs.ts";
import { isObject, own, put } from "./json.ts";
import { untouched } from "./node_table.ts";

/**
 * What a node would refuse whenever it runs: it is performed with what is known of its inputs. Whatever follows from one
 * that is not known yet is left for the run.
 *
 * @param scope A run that has not begun.
 */
export function rehearse(
  node: GraphNode,
  scope: InputScope,
): { readonly problem: string; readonly pointer: string } | undefined {
  const { known, isUnknown } = inputsOf(node);
  let isGuess = false;
  const inputs = new Proxy(known, {
    getOwnPropertyDescriptor(target, key) {
      isGuess ||= isUnknown(String(key));
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      isGuess ||= isUnknown();
      return Reflect.ownKeys(target);
    },
  });
  const state = { ...untouched, inputs };
  const step = node.role === "child"
    ? nextOfChild(node, state)
    : nextStep(node, state, scope);
  // The sentinel of the protocol is to be taken, and to fail.
  const isSure = step?.kind === "refuse" && step.port === undefined &&
    (step.asks || !isGuess) && step.code !== "capability_not_provided";
  if (!isSure) return undefined;
  const { problem } = step;
  return { problem, pointer: pointerIn(node.node.config, problem) };
}

/** The inputs that a node has in every run, and whether it may have one of that name, or any, in some. */
function inputsOf({ node, position, incoming }: GraphNode): {
  readonly known: JsonObject;
  readonly isUnknown: (port?: string) => boolean;
} {
  const known: Record<string, JsonValue> = {};
  const unknown = new Set<string>();
  const defaults = own(node.settings ?? {}, "defaults");
  for (
    const [port, value] of Object.entries(isObject(defaults) ? defaults : {})
  ) {
    put(known, port, value);
  }
  for (const { edge: { sourceOutput, targetInput } } of incoming) {
    const isCarried = sourceOutput !== undefined || targetInput !== undefined;
    if (isCarried) unknown.add(targetInput ?? "input");
  }
  for (const [port, from] of Object.entries(node.inputs)) {
    unknown.delete(port);
    if (from.type === "static") put(known, port, from.value);
    else unknown.add(port);
  }
  return {
    known,
    // An item, and what undoes a node, has what others give it.
    isUnknown: (port) =>
      position < 0 ||
      (port === undefined ? unknown.size > 0 : unknown.has(port)),
  };
}

/** Where in a config a problem is that begins with the name of a member. */
export function pointerIn(config: JsonObject, problem: string): string {
  const [path = ""] = problem.split(" ");
  const names = path.split(".");
  for (const place of ["", "data", "predicate", "until"]) {
    const part = place === "" ? config : own(config, place);
    if (!isObject(part) || own(part, names[0]!) === undefined) continue;
    return [place, ...names].filter((name) => name !== "").map(pointerPart)
      .join("");
  }
  return "";
}
