// Web standards only.
import { refuse } from "../http/mod.ts";

/** Refuses what the server would refuse, before it is sent. */
export function checkText(
  path: string,
  value: unknown,
  most: number = Infinity,
): void {
  if (typeof value !== "string" || value === "" || value.length > most) {
    refuse(
      path,
      `a text of ${
        most < Infinity ? `1 to ${most} characters` : "at least one character"
      } is wanted`,
    );
  }
}
