// Web standards only.
import { checkObject, checkWhole, refuse } from "../http/mod.ts";
import { UUID_FORM } from "./protocol/mod.ts";

/** What a value looks like, by the name of its field, which means the same on every route; and what is wanted. */
const FORMS:
  readonly (readonly [name: RegExp, form: RegExp, wanted: string])[] = [
    [/^slug$/, /^[!-~]{1,100}$/, "a slug of up to 100 characters"],
    [/^templateId$/, /^[\w-]+$/, "the id of a template"],
    [/Ids?$|^(id|before)$/, UUID_FORM, "a UUID, no slug and no TASK number,"],
    // The server takes any other word for an abstention.
    [/^vote$/, /^(APPROVE|REJECT|ABSTAIN)$/, "APPROVE, REJECT or ABSTAIN"],
  ];

/**
 * Refuses what the server would answer with 500, or misread: it looks at few fields itself.
 *
 * @param input The fields of a body or a query.
 * @param isNewAgent Whether it makes an agent: `agentId` is a slug then.
 * @returns the same, dates as the server wants them.
 */
export function checkInput(
  input: unknown,
  isNewAgent: boolean,
): Record<string, unknown> {
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(checkObject("input", input))) {
    const kind = isNewAgent && name === "agentId" ? "slug" : name;
    checked[name] = value === null || value === undefined
      ? value
      : checkField(name, value, kind);
  }
  return checked;
}

/**
 * Refuses a value that its field cannot have.
 *
 * @param name Of the field, for the message.
 * @param value Of the field.
 * @param kind What the field is, where its name does not say it.
 * @returns the same, a date as the server wants it.
 */
export function checkField(
  name: string,
  value: unknown,
  kind: string = name,
): unknown {
  const [, form = /^/, wanted] = FORMS.find(([one]) => one.test(kind)) ?? [];
  for (const one of [value].flat()) {
    if (!form.test(`${one}`)) refuse(name, `${wanted} is wanted`);
  }
  const least = /^(amount|limit|page)$/.test(kind) ? 1 : 0;
  if (typeof value === "number" || least) {
    // As text, an amount would be written behind the digits of a balance.
    checkWhole(name, value, least, 2 ** 31 - 1);
  }
  return /(At|Date)$/.test(kind) ? toIso(name, value) : value;
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
