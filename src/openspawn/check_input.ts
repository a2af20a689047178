// Web standards only.
import { refuse } from "../http/mod.ts";
import { isUuid } from "./protocol/mod.ts";

/**
 * Refuses what the server would answer with 500, or misread: it looks at few fields itself. Fields are told by their
 * names, which mean the same on every route.
 *
 * @param input The fields of a body or a query.
 * @param names Whether it makes an agent: `agentId` is a slug then.
 * @returns the same, dates as the server wants them.
 */
export function checkInput(
  input: unknown,
  names: boolean,
): Record<string, unknown> {
  if (typeof (input ??= {}) !== "object" || Array.isArray(input)) {
    refuse("input", "an object is wanted");
  }
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input as object)) {
    checked[name] = value === null || value === undefined
      ? value
      : checkField(names && name === "agentId" ? "slug" : name, value);
  }
  const text = JSON.stringify(checked);
  if (/\\u0000/.test(text)) refuse("input", "no text may hold a NUL character");
  if (new TextEncoder().encode(text).length > 102_400) {
    refuse("input", "it is larger than the server takes, 102400 bytes");
  }
  return checked;
}

function checkField(name: string, value: unknown): unknown {
  if (name === "slug" && !/^[!-~]{1,100}$/.test(`${value}`)) {
    refuse("agentId", "a slug of up to 100 characters is wanted");
  }
  if (/Ids?$|^before$/.test(name)) {
    for (const id of [value].flat()) checkId(name, id);
  }
  const least = /^(amount|limit|page)$/.test(name) ? 1 : 0;
  if (
    (typeof value === "number" || least) &&
    !(Number.isInteger(value) && value as number >= least &&
      value as number < 2 ** 31)
  ) {
    // As text, an amount would be written behind the digits of a balance.
    refuse(name, `a whole number from ${least} to 2147483647 is wanted`);
  }
  // The server takes any other word for an abstention.
  if (name === "vote" && !/^(APPROVE|REJECT|ABSTAIN)$/.test(`${value}`)) {
    refuse(name, "APPROVE, REJECT or ABSTAIN is wanted");
  }
  return /(At|Date)$/.test(name) ? toIso(name, value) : value;
}

/** The server reads a time without a zone as one of its own zone. */
function toIso(name: string, value: unknown): string {
  const date = new Date(value as string);
  return !Number.isNaN(+date) &&
      (value instanceof Date ||
        /(Z|[+-]\d\d:?\d\d|^[\d-]{10})$/.test(`${value}`))
    ? date.toISOString()
    : refuse(name, "a Date, or a text with its time zone is wanted");
}

/** Refuses an id that the server would answer with 500, or that would change the path. */
export function checkId(name: string, id: unknown): string {
  const fits = name === "templateId" ? /^[\w-]+$/.test(`${id}`) : isUuid(id);
  return fits
    ? String(id)
    : refuse(name, "a UUID is wanted, no slug and no TASK number");
}
