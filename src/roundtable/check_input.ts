// Web standards only.
import { refuse } from "../http/mod.ts";
import type { PageQuery } from "./protocol/mod.ts";

/**
 * Leaves out what is `null` where the server has defaults, because it refuses that; what is free form keeps its `null`.
 * Settings out of bounds are refused: the server would answer 500.
 *
 * @param json What is to be sent.
 * @param path What it is called, for the message.
 */
export function checkBody(json: unknown, path = "request"): object {
  if (Object(json) !== json || Array.isArray(json)) {
    refuse(path, "an object is wanted");
  }
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json as object)) {
    if (value === null || value === undefined) continue;
    if (name === "max_sandboxes") checkWhole(name, value, 1, 100);
    if (name === "retention_days") checkWhole(name, value, 1, 365);
    checked[name] = /^(settings|agent_config|resource_limits)$/.test(name)
      ? checkBody(value, name)
      : value;
  }
  return checked;
}

/**
 * Says which part of a list is wanted, in the way in which the server gives it.
 *
 * @param query What is wanted.
 * @param marks Of the operation.
 */
export function toQuery(
  { offset = 0, limit = 100 }: PageQuery = {},
  marks: string,
): { readonly offset: number; readonly limit: number } {
  checkWhole("offset", offset, 0, Infinity);
  checkWhole("limit", limit, 1, marks.includes("~") ? 1_000 : 100);
  // What the server cuts off the page has to be asked for, too.
  const cut = marks.includes("+") ? offset : 0;
  return { offset, limit: cut ? Math.min(100, cut + limit) : limit };
}

/** Refuses what is no whole number in these bounds. */
export function checkWhole(
  name: string,
  value: unknown,
  least: number,
  most: number,
): void {
  if (
    !(Number.isInteger(value) && value as number >= least &&
      value as number <= most)
  ) refuse(name, `a whole number from ${least} to ${most} is wanted`);
}

/** Whether `value` is a JSON object. */
export function isRecord(
  value: unknown,
): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
