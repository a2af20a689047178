// Web standards only.
import { checkObject, checkWhole, refuse } from "../http/mod.ts";
import type { CallMiddleware } from "../http/mod.ts";
import { UUID_FORM } from "./protocol/mod.ts";

/** What a value looks like, by its place: the path of the route, a dot, and its name; and what is wanted. */
const FORMS:
  readonly (readonly [place: RegExp, form: RegExp, wanted: string])[] = [
    [
      /(register|spawn)\.agentId$/,
      /^[!-~]{1,100}$/,
      "a slug of up to 100 characters",
    ],
    [/templateId$/, /^[\w-]+$/, "the id of a template"],
    [/Ids?$|\.(id|before)$/, UUID_FORM, "a UUID, no slug or TASK number,"],
    // The server takes any other word for an abstention.
    [/\.vote$/, /^(APPROVE|REJECT|ABSTAIN)$/, "APPROVE, REJECT or ABSTAIN"],
    [/credits\/\w+\.reason$/, /^[^]{0,500}$/, "up to 500 characters"],
  ];

/**
 * Refuses what the server would answer with 500, or misread: it looks at few fields itself.
 *
 * @param input The fields of a body or a query.
 * @param path Of the route.
 * @returns the same, dates as the server wants them, without what is `undefined` or `null`.
 */
export function checkInput(
  input: unknown,
  path: string,
): Record<string, unknown> {
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(checkObject("input", input))) {
    const isLeftOut = value === undefined ||
      // It lifts a limit; anywhere else the server fails on it, or takes it for nothing.
      (value === null && name !== "budgetPeriodLimit");
    if (!isLeftOut) checked[name] = checkField(name, value, path);
  }
  return checked;
}

/** An object with the same names, and other values. */
export function mapMembers<Value, Mapped>(
  from: Readonly<Record<string, Value>>,
  map: (value: Value, name: string) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(
    Object.entries(from).map(([name, value]) => [name, map(value, name)]),
  );
}

/**
 * Refuses a value that its field cannot have.
 *
 * @param name Of the field, for the message.
 * @param value Of the field.
 * @param path Of the route, where that matters.
 * @returns the same, a date as the server wants it.
 */
export function checkField(
  name: string,
  value: unknown,
  path = "",
): unknown {
  const rule = FORMS.find(([place]) => place.test(`${path}.${name}`));
  if (rule) {
    const [, form, wanted] = rule;
    for (const one of [value].flat()) {
      if (!form.test(`${one}`)) refuse(name, `${wanted} is wanted`);
    }
  }
  const isCount = /^(amount|limit|page)$/.test(name);
  // As text, an amount would be written behind the digits of a balance.
  if (isCount || typeof value === "number") {
    checkWhole(name, value, isCount ? 1 : 0, 2 ** 31 - 1);
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

/** Refuses texts for which the server would fail with 500. */
export const checkRequest: CallMiddleware = (request, next) => {
  const { body = "", url } = request;
  if (/(^|[^\\])(\\\\)*\\u0000/.test(body) || url.includes("%00")) {
    refuse("input", "it holds a NUL character");
  }
  if (new TextEncoder().encode(body).length > 102_400) {
    refuse("input", "it is larger than 102400 bytes");
  }
  return next(request);
};
