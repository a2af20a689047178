// Web standards only.
import {
  type DefinitionIssue,
  definitionIssue,
  type JsonObject,
  type NodeCompensation,
  type NodeImplementation,
} from "../src/openwop/protocol/mod.ts";
import { checkApprovals } from "./check/nodes.ts";
import { isCount } from "./count.ts";
import { parseDuration } from "./duration.ts";
import { fieldsOf } from "./fields.ts";
import { called, schemaAt, wanted, within } from "./given.ts";
import { codeOf, type NodeType } from "./node.ts";
import type { Declared } from "./place.ts";
import { present } from "./present.ts";
import { nameOf, type Ref, type Refs, refsBy, refTo, targetOf } from "./ref.ts";

/** How a step is done and undone. */
export interface StepOptions<In, Out> {
  /** How often a failed attempt is repeated: a number of times, or more exactly. @default never */
  readonly retry?: number | RetryPolicy;
  /** The longest that one attempt may take, as in `"30s"`; a number is milliseconds. @default no limit */
  readonly timeout?: string | number;
  /** How its effect is undone when the run fails or is cancelled: made by {@linkcode undo}. */
  readonly undo?: Undo<In, Out>;
  /** Outputs that are masked wherever they are shown. */
  readonly sensitive?: readonly (keyof Out & string)[];
  /** For people. */
  readonly notes?: string;
}

/** How a failed attempt is repeated. An error that says it is not retryable is not. */
export interface RetryPolicy {
  /** Attempts after the first. */
  readonly max: number;
  /** Before each of them, as in `"1s"`; a number is milliseconds. @default 0 */
  readonly delay?: string | number;
  /** Whether the delay doubles each time. @default "fixed" */
  readonly backoff?: "fixed" | "exponential";
  /** The longest delay. */
  readonly maxDelay?: string | number;
}

/** How a step of these types is undone. Made by {@linkcode undo}. */
export interface Undo<In, Out> {
  /** As in the definition. */
  readonly compensation: NodeCompensation;
  /** The code that undoes. */
  readonly code: readonly NodeImplementation[];
  /** What is wrong with it. */
  readonly problems: readonly string[];
  /** Never present at run time. */
  readonly "~undoes"?: (own: Own<In, Out>) => void;
}

/** What the undoing of a step can refer to: what the step was given, and what it gave. */
export interface Own<In, Out> {
  /** What the step was given. */
  readonly input: Refs<In>;
  /** What it gave. */
  readonly output: Refs<Out>;
}

/**
 * Says how the effect of a step is undone: by another kind of step, which runs when the run fails or is cancelled after
 * this one has completed, in the reverse order of completion.
 *
 * @param by The kind of step that undoes.
 * @param inputs Says for each of its ports what it gets; references only.
 * @param retry How often a failed undoing is repeated.
 */
export function undo<In, Out, By>(
  by: NodeType<By, unknown>,
  inputs: (
    own: Own<In, Out>,
  ) => { readonly [Port in keyof By]: Ref<By[Port]> },
  retry?: number | RetryPolicy,
): Undo<In, Out> {
  return within("undo", () => {
    const problems: string[] = [];
    const own = (side: string) =>
      refsBy<never>(side, (name) => refTo({ kind: "own", path: [side, name] }));
    wanted("undo.by", "string", by?.typeId);
    const given = wanted(
      "undo.inputs",
      "object",
      called("undo.inputs", inputs, {
        input: own("inputs"),
        output: own("outputs"),
      }),
    );
    const inputMapping = Object.fromEntries(
      Object.entries(given).map(([port, ref]) => {
        const target = targetOf(ref);
        if (target?.kind !== "own") {
          problems.push(
            `the port "${port}" of its undoing must refer to its own input or output${
              target ? `, not to ${nameOf(target)}` : ""
            }`,
          );
        }
        return [port, target?.path.join(".") ?? ""];
      }),
    );
    return {
      code: codeOf(by),
      problems,
      compensation: {
        nodeTypeId: by.typeId,
        inputMapping,
        ...present({
          retry: retry === undefined ? retry : retrySettings(retry, problems),
        }),
      },
    };
  });
}

/** Types whose rules come with what makes them; those of an approval are in every program, and two have none. */
const ruled = /^(core|tutti)\.(?!(approvalGate|identity|noop)$)/;

/** The node of a step, and what is wrong with its options. */
export function stepNode<In, Out>(
  id: string,
  node: NodeType<In, Out>,
  inputs: object,
  options: StepOptions<In, Out> = {},
): [Declared, DefinitionIssue[]] {
  const typeId = wanted(`${id}.node.typeId`, "string", node?.typeId);
  const { retry, timeout, undo, sensitive, notes } = options;
  const problems = [...undo?.problems ?? []];
  const settings: JsonObject = {
    ...present({ timeoutMs: milliseconds("timeout", timeout, problems) }),
    ...(retry === undefined ? {} : retrySettings(retry, problems)),
  };
  const fields = fieldsOf(
    node.output && schemaAt(`${id}.node.output`, node.output),
    "output",
  );
  const issues = problems.map((message) => badOption(id, message));
  if (!node.checks && !node.run && ruled.test(typeId)) {
    issues.push(definitionIssue(
      "config-unchecked",
      `nothing checks the config of "${typeId}"`,
      "",
      "make it with node() or core",
      id,
    ));
  }
  return [{
    id,
    typeId,
    config: node.config ?? {},
    inputs: { ...inputs },
    gives: (key) => fields?.get(key)?.required ?? false,
    code: [...codeOf(node), ...undo?.code ?? []],
    settings,
    ...present({
      sensitive: sensitive &&
        Object.fromEntries(
          wanted(`${id}.options.sensitive`, "list", sensitive)
            .map((port) => [port, true]),
        ),
      compensation: undo?.compensation,
      notes,
      checks: node.checks ?? [checkApprovals],
    }),
  }, issues];
}

/** An option that cannot be. */
export function badOption(source: string, message: string): DefinitionIssue {
  return definitionIssue("bad-option", message, "", undefined, source);
}

/** A length of time in milliseconds, or a problem; nothing where none is wanted. */
export function milliseconds<T extends string | number | undefined>(
  what: string,
  wanted: T,
  problems: string[],
): number | Extract<T, undefined> {
  if (wanted === undefined) return wanted as Extract<T, undefined>;
  const ms = parseDuration(wanted);
  if (ms !== undefined) return ms;
  problems.push(
    `the ${what} ${
      JSON.stringify(wanted)
    } is no length of time, as "1h 30m" is`,
  );
  return 0;
}

function retrySettings(
  retry: number | RetryPolicy,
  problems: string[],
): Record<string, JsonObject[string]> {
  const { max, delay, backoff, maxDelay } = typeof retry === "number"
    ? { max: retry } as RetryPolicy
    : wanted("retry", "object", retry);
  if (!isCount(max, 0, 1000)) {
    problems.push(`${max} retries cannot be: use a whole number up to 1000`);
  }
  return {
    maxRetries: max,
    ...present({
      retryDelayMs: milliseconds(
        "delay",
        delay === 0 ? undefined : delay,
        problems,
      ),
      retryBackoff: backoff,
      retryMaxDelayMs: milliseconds("longest delay", maxDelay, problems),
    }),
  };
}
