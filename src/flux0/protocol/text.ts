// Web standards only.
import { isJsonObject } from "../../http/mod.ts";

/** Whether it is a text. */
export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/**
 * Writes a value so that two of them say the same where their texts are the same, whatever the order of their members. A
 * member that is `null` is the same as none where `loose`.
 */
export function sortedText(value: unknown, loose = false): string {
  return JSON.stringify(
    value,
    (_, inner) =>
      isJsonObject(inner)
        ? Object.fromEntries(
          Object.entries(inner).filter(([, one]) => !loose || one !== null)
            .sort(([one], [other]) => one < other ? -1 : 1),
        )
        : inner,
  );
}
