// Web standards only.
import { InvalidArgumentError } from "../src/openwop/mod.ts";
import {
  findJsonProblem,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import { wanted, within } from "./given.ts";
import { byName, stepNamed } from "./ref.ts";
import type { ForkPoint, PlanClient, PlanSpec } from "./plan_types.ts";

/** What a host says that can write over state where a fork begins. */
const CAPABILITY = "tutti.fork-state";

/** What the wire carries. */
type WireEdit = Record<"variables" | "channels" | "outputs", JsonObject>;

/** Nodes whose outputs are the answers of people. */
const asking =
  /^core\.(approvalGate|clarificationGate|interrupt|externalEvent)$/;

/**
 * Sorts an edit by what its names are in `definition`.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, for a name that it does not have and for what is no JSON.
 */
export function toWireEdit(
  definition: WorkflowDefinition,
  edit: JsonObject,
): WireEdit {
  const wire: WireEdit = { variables: {}, channels: {}, outputs: {} };
  const { variables, channels = {}, nodes } = definition;
  for (const [name, value] of Object.entries(edit)) {
    if (value === undefined) continue;
    const bad: (problem: string) => never = (problem) => {
      throw new InvalidArgumentError(`state.${name}`, problem);
    };
    const found = within(`state.${name}`, () => findJsonProblem(value));
    if (found) {
      bad(`${found.problem}${found.pointer && ` at ${found.pointer}`}`);
    }
    const node = nodes.find(({ id }) => id === name);
    // What a run is given has no first value; a step may have the same name, and then it is meant.
    const variable = variables.find((each) =>
      each.name === name && !(node && each.defaultValue === undefined)
    );
    const channel = Object.hasOwn(channels, name);
    if ([variable, node, channel].filter(Boolean).length > 1) {
      bad("the workflow has several things of that name");
    }
    let sort: keyof WireEdit = variable ? "variables" : "channels";
    let written: JsonValue = value;
    if (!variable && !channel) {
      if (!node) bad("the workflow has no variable, channel or step of it");
      if (asking.test(node.typeId)) {
        bad(
          `it is a question: say with on(${
            JSON.stringify(name)
          }, …) how it is answered`,
        );
      }
      if (!isJsonObject(value)) bad("outputs of a step are an object");
      sort = "outputs";
      // What a sub-workflow gives lies below one port.
      if (node.typeId === "core.subWorkflow") written = { output: value };
    }
    // Written so, a name like "__proto__" is one like any other.
    wire[sort] = { ...wire[sort], [name]: written };
  }
  return wire;
}

/**
 * Refuses to fork within a child, whose log is another, and where nothing is.
 *
 * @returns The same with the name of the step.
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export function checkForkPoint(
  definition: WorkflowDefinition,
  at: ForkPoint<unknown>,
): ForkPoint<string> {
  if (at === "start") return "start";
  const point = within("at", () => byName(wanted("at", "object", at))) as {
    readonly at?: string;
    readonly after?: string;
  };
  const name = point.at ?? point.after;
  const step = checkStep("at", definition, name);
  if (step === name) return point as ForkPoint<string>;
  throw new InvalidArgumentError(
    "at",
    `${
      JSON.stringify(name)
    } lies in a child of the run, which has a log of its own: fork at ${
      JSON.stringify(step)
    }, and the child begins anew`,
  );
}

/**
 * The step that is meant by its name or its handle, or by a name that goes on in a child below it.
 *
 * @param below Whether it may.
 * @throws {InvalidArgumentError} `invalid-argument`, where there is none: it would be waited for in vain.
 */
export function checkStep(
  path: string,
  { id, nodes }: WorkflowDefinition,
  which: unknown,
  below = true,
): string {
  const name = wanted(path, "string", stepNamed(which) as string);
  const step = [name, below ? name.split(".")[0]! : name]
    .find((each) => nodes.some(({ id }) => id === each));
  if (step !== undefined) return step;
  throw new InvalidArgumentError(
    path,
    `workflow "${id}" has no step ${JSON.stringify(name)}`,
  );
}

/**
 * Refuses edited state where there is none to edit.
 *
 * @param path The forks that lead to `spec`, from the outside in.
 * @returns Whether any state is edited.
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export function checkState(
  spec: PlanSpec,
  path: readonly string[] = [],
): boolean {
  const { state, workflow, forks, anew } = spec;
  if (state) {
    if (anew || !path[0]) {
      throw new InvalidArgumentError(
        [...path, "state()"].join("."),
        "what begins anew has no state yet: use it in a fork at a step, without another input or workflow",
      );
    }
    toWireEdit(workflow.definition, state);
  }
  return forks.reduce(
    (found, { name, at, spec: inner }) =>
      checkState(at === "start" ? { ...inner, anew: true } : inner, [
        ...path,
        `fork("${name}")`,
      ]) || found,
    state !== undefined,
  );
}

/**
 * Refuses a host that could not write over state, before anything is started there.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, which names what the host lacks.
 */
export async function checkStateOf(
  client: PlanClient,
  signal: AbortSignal | undefined,
): Promise<void> {
  const document = await client.discovery?.get(signal ? { signal } : {});
  const extensions = document?.["extensions"];
  if (isJsonObject(extensions) && Object.hasOwn(extensions, CAPABILITY)) return;
  throw new InvalidArgumentError(
    "client",
    `a fork with edited state wants a host that lists "${CAPABILITY}" under the extensions of its discovery document, this one does not`,
    { hint: "leave out state(), or use the embedded host" },
  );
}

/** The options of a fork with the edit in them. */
export function withEdit(
  { configurable, state, workflow }: PlanSpec,
): JsonObject | undefined {
  if (!state) return configurable;
  const extensions = configurable?.["extensions"];
  const others = isJsonObject(extensions) ? extensions : {};
  const { tutti } = others;
  return {
    ...configurable,
    extensions: {
      ...others,
      tutti: {
        ...(isJsonObject(tutti) ? tutti : {}),
        forkState: toWireEdit(workflow.definition, state),
      },
    },
  };
}
