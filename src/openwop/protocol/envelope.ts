// Web standards only.
import { isJsonObject } from "../../http/mod.ts";
import type { HttpFailure, JsonObject, JsonValue } from "../../http/mod.ts";
import type { WireError } from "./codec.ts";

/**
 * Reads the error body of either major: flat, or nested as some version 1 surfaces have it. Source: v2 §12.1.
 *
 * @param failure The answer.
 * @param fromHost Whether its headers say that a host wrote it.
 */
export function readEnvelope(
  { body, retryAfterMs }: HttpFailure,
  fromHost: boolean,
): WireError {
  const record = isJsonObject(body) ? body : {};
  const source = isJsonObject(record.error) ? record.error : record;
  const code = source === record ? record.error : source.code ?? source.error;
  const rawCode = text(code);
  return {
    code: rawCode,
    rawCode,
    message: text(source.message),
    details: objectOf(source.details),
    retryAfterMs,
    fromHost,
  };
}

/** `value` where it is an object. */
export function objectOf(
  value: JsonValue | undefined,
): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

/** `value` where it is a string. */
export function text(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** `value` where it is a whole number that JavaScript can count with. */
export function count(value: JsonValue | undefined): number | undefined {
  return Number.isSafeInteger(value) ? value as number : undefined;
}
