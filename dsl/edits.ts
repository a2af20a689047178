// Web standards only.
import {
  type CallOptions,
  InvalidArgumentError,
  type JsonValue,
  type PendingApproval,
  type RunInterrupt,
  type RunWaitOptions,
} from "../src/openwop/mod.ts";
import {
  type InputIssue,
  issuePointer,
  type StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";

/** What `schema` makes of `value`, or finds wrong with it. */
export async function judged(
  schema: unknown,
  value: unknown,
): Promise<{ value?: unknown; issues?: InputIssue[] | undefined }> {
  const result =
    await (schema as StandardSchemaV1 | undefined)?.["~standard"]?.validate(
      value,
    ) ?? { value };
  return {
    ...result,
    issues: result.issues?.map((issue) => ({
      message: issue.message,
      pointer: issuePointer(issue),
    })),
  };
}

/**
 * Refuses an edited version that `schema` does: sent, it would fail the run, not the approver.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, with the first issue of the schema.
 */
export async function checkEdited(
  path: string,
  schema: unknown,
  edited: unknown,
): Promise<void> {
  const { issues: [wrong] = [] } = await judged(schema, edited);
  if (wrong) {
    throw new InvalidArgumentError(`${path}${wrong.pointer}`, wrong.message);
  }
}

/** The same question, which takes no edited version that `schema` refuses. */
export function checkingEdits<Asked extends PendingApproval | RunInterrupt>(
  asked: Asked,
  schema: unknown,
): Asked {
  return schema
    ? {
      ...asked,
      edit: async (artifact: JsonValue, ...more: []) => {
        await checkEdited("artifact", schema, artifact);
        return asked.edit(artifact, ...more);
      },
      get: async (options?: CallOptions) => {
        const open = await asked.get(options) as Asked | undefined;
        return open && checkingEdits(open, schema);
      },
      wait: async (options?: RunWaitOptions) =>
        checkingEdits(await asked.wait(options) as Asked, schema),
    }
    : asked;
}
