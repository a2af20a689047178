// Web standards only.
import { wanted, within } from "./given.ts";
import type { GivenAnswer, PlanStatus, StepOutcome } from "./plan_types.ts";
import { present } from "./present.ts";
import { differences, type ValueChange } from "./value_diff.ts";

/** A result, as far as it is compared. */
export interface ComparableResult<Out, Steps extends string> {
  /** How it ended. */
  readonly status: PlanStatus;
  /** What it gave. */
  readonly output?: Out | undefined;
  /** What became of each step. */
  readonly steps: { readonly [Step in Steps]?: StepOutcome };
  /** The answers that were given. */
  readonly answers: readonly GivenAnswer[];
}

/** How a step went in two runs. */
export interface StepChange<Steps extends string> {
  /** Which step. */
  readonly step: Steps;
  /** On the left; absent where it never began. */
  readonly left?: StepOutcome;
  /** On the right; absent where it never began. */
  readonly right?: StepOutcome;
}

/** An output that differs in two runs. */
export interface OutputChange<Left, Right> extends ValueChange {
  /** Which output. */
  readonly name: (keyof Left | keyof Right) & string;
}

/** What differs between two runs. */
export interface ResultDiff<Left, Right, Steps extends string> {
  /** Whether nothing does. */
  readonly same: boolean;
  /** How they ended, where they ended differently. */
  readonly status?: { readonly left: PlanStatus; readonly right: PlanStatus };
  /** Steps that went differently. */
  readonly steps: readonly StepChange<Steps>[];
  /** Outputs that differ, each place by its pointer. */
  readonly output: readonly OutputChange<Left, Right>[];
  /** Interrupts that were answered differently. */
  readonly answers: readonly {
    /** Which interrupt. */
    readonly name: string;
    /** For which entries, inside of `forEach()`. */
    readonly items?: readonly number[];
    /** Whose vote, where the plan said so. */
    readonly by?: string;
    /** Its last answer on the left. */
    readonly left: unknown;
    /** Its last answer on the right. */
    readonly right: unknown;
  }[];
}

/**
 * Compares two results of plans: a run with its fork, today's run with yesterday's.
 *
 * @param left One result.
 * @param right Another, of the same workflow or of one like it.
 */
export function compareResults<Left, Right, Steps extends string>(
  left: ComparableResult<Left, Steps>,
  right: ComparableResult<Right, Steps>,
): ResultDiff<Left, Right, Steps> {
  return within("results", () => compare(left, right));
}

function compare<Left, Right, Steps extends string>(
  left: ComparableResult<Left, Steps>,
  right: ComparableResult<Right, Steps>,
): ResultDiff<Left, Right, Steps> {
  wanted("left.steps", "object", left?.steps);
  wanted("right.steps", "object", right?.steps);
  const names = new Set(
    [...Object.keys(left.steps), ...Object.keys(right.steps)] as Steps[],
  );
  const steps = [...names].filter((step) =>
    left.steps[step] !== right.steps[step]
  )
    .map((step): StepChange<Steps> => ({
      step,
      ...present({ left: left.steps[step], right: right.steps[step] }),
    }));
  const output = differences(left.output ?? {}, right.output ?? {}).map(
    (change) => ({
      ...change,
      name: (change.pointer.split("/")[1] ?? "")
        .replaceAll("~1", "/").replaceAll("~0", "~") as
          & (keyof Left | keyof Right)
          & string,
    }),
  );
  const last = (
    path: string,
    { answers }: { readonly answers: readonly GivenAnswer[] },
  ) =>
    new Map(
      wanted(path, "list", answers).map((each) => [
        JSON.stringify([each.name, each.items, each.by]),
        each,
      ]),
    );
  const [one, other] = [
    last("left.answers", left),
    last("right.answers", right),
  ];
  const answers = [...new Map([...other, ...one])].flatMap(
    ([key, { answer: _, round: __, ...asked }]) => {
      const [left, right] = [one, other].map((all) => all.get(key)?.answer);
      return differences(left, right).length ? [{ ...asked, left, right }] : [];
    },
  );
  const ended = left.status === right.status
    ? {}
    : { status: { left: left.status, right: right.status } };
  return {
    same: left.status === right.status && steps.length === 0 &&
      output.length === 0 && answers.length === 0,
    ...ended,
    steps,
    output,
    answers,
  };
}
