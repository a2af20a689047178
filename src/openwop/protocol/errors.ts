// Web standards only.
import { brand, TuttiError } from "../../http/mod.ts";

/** One thing that is wrong with a workflow. */
export interface DefinitionIssue {
  /** Stable, kebab-case. */
  readonly code: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** JSON pointer into the definition. */
  readonly pointer: string;
  /** The name that the author gave the place: a step, an approval, a branch. */
  readonly source?: string;
  /** What to do. */
  readonly hint?: string;
  /** Where it does not keep the workflow from being built, only from running everywhere. */
  readonly severity?: "warning";
}

/**
 * An issue, for checks.
 *
 * @param code Stable, kebab-case.
 * @param message What is wrong, in one sentence.
 * @param pointer JSON pointer into the definition.
 * @param hint What to do.
 * @param source The name that the author gave the place.
 */
export function definitionIssue(
  code: string,
  message: string,
  pointer: string,
  hint?: string,
  source?: string,
): DefinitionIssue {
  return {
    code,
    message,
    pointer,
    ...(source === undefined ? {} : { source }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/**
 * A workflow that cannot run, with everything that is wrong with it.
 *
 * Code: `definition-invalid`. Never retryable.
 */
export class DefinitionError extends TuttiError {
  /** All of them, in the order of the definition. */
  declare readonly issues: readonly DefinitionIssue[];

  /**
   * Makes one; checks do.
   *
   * @param workflowId Which workflow.
   * @param issues At least one.
   */
  constructor(workflowId: string, issues: readonly DefinitionIssue[]) {
    const lines = issues.map((issue) =>
      `  ${issue.source ?? (issue.pointer || "/")}: ${issue.message}${
        issue.hint ? `; ${issue.hint}` : ""
      }`
    );
    super(
      "definition-invalid",
      `Cannot build workflow "${workflowId}": ${issues.length} problem${
        issues.length === 1 ? "" : "s"
      }\n${lines.join("\n")}`,
    );
    this.issues = issues;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is DefinitionError =
    /* @__PURE__ */ brand(this, "DefinitionError");
}

/** One thing that is wrong with an input. */
export interface InputIssue {
  /** For people, as the schema says it. */
  readonly message: string;
  /** JSON pointer into the input, `""` for the input itself. */
  readonly pointer: string;
}

/**
 * An input that the schema of its workflow refuses; nothing was sent.
 *
 * Code: `input-invalid`. Never retryable.
 */
export class InputError extends TuttiError {
  /** Everything that is wrong. */
  declare readonly issues: readonly InputIssue[];

  /**
   * Makes one.
   *
   * @param workflowId Which workflow.
   * @param issues At least one.
   */
  constructor(workflowId: string, issues: readonly InputIssue[]) {
    const lines = issues.map(({ message, pointer }) =>
      `  ${pointer || "/"}: ${message}`
    );
    super(
      "input-invalid",
      `Cannot start workflow "${workflowId}": its input is refused\n${
        lines.join("\n")
      }`,
      { hint: "mend the input; nothing was sent" },
    );
    this.issues = issues;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is InputError =
    /* @__PURE__ */ brand(this, "InputError");
}
