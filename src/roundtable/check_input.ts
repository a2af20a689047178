// Web standards only.
import { checkObject, checkWhole, refuse } from "../http/mod.ts";
import type { PageQuery } from "./protocol/mod.ts";

/**
 * Leaves out what is `null` where the server has defaults, because it refuses that; what is free form keeps its `null`.
 * Settings out of bounds are refused: the server would answer 500.
 *
 * @param json What is to be sent.
 * @param path What it is called, for the message.
 * @param prefix What its fields stand behind, for the message.
 */
export function checkBody(
  json: unknown,
  path = "request",
  prefix = "",
): object {
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(checkObject(path, json))) {
    if (value === null || value === undefined) continue;
    const place = prefix + name;
    if (name === "max_sandboxes") checkWhole(place, value, 1, 100);
    if (name === "retention_days") checkWhole(place, value, 1, 365);
    if (name === "collaboration_policy") checkObject(place, value);
    if (name === "auto_cleanup" && typeof value !== "boolean") {
      refuse(place, "a boolean is wanted");
    }
    checked[name] = /^(settings|agent_config|resource_limits)$/.test(name)
      ? checkBody(value, place, `${place}.`)
      : value;
  }
  return checked;
}

/**
 * Says which part of a list is wanted, in the way in which the server gives it.
 *
 * @param query What is wanted.
 * @param most How many items a page may have.
 * @param isCut Whether the server cuts the offset off the page: what it cuts off has to be asked for, too.
 */
export function toQuery(
  query: unknown,
  most: number,
  isCut = false,
): { readonly offset: number; readonly limit: number } {
  const { offset = 0, limit = 100 } = (query ?? {}) as PageQuery;
  checkWhole("offset", offset, 0, Infinity);
  checkWhole("limit", limit, 1, most);
  return { offset, limit: Math.min(most, limit + (isCut ? offset : 0)) };
}
