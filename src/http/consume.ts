// Web standards only.
import type { Consume } from "./attempt.ts";
import { readText } from "./body.ts";
import { TuttiError } from "./errors.ts";
import { DecodeError, NetworkError } from "./failures.ts";
import type { JsonValue } from "./json.ts";
import type { Operation } from "./operation.ts";
import { parseJson } from "./parse_json.ts";

/** Reads a body as bounded JSON and decodes it. */
export function consumeJson<T>(
  operation: Operation<T>,
  maxBodyBytes: number,
): Consume<T> {
  const action = operation.label ?? `${operation.method} ${operation.path}`;
  return async (response, answer, scope, idleTimeoutMs) => {
    let body: { text: string; cut: boolean };
    try {
      body = await readText(
        response,
        maxBodyBytes,
        idleTimeoutMs,
        scope,
      );
    } catch (error) {
      if (scope.signal.aborted) throw scope.signal.reason;
      throw TuttiError.is(error) ? error : new NetworkError(action, error);
    }
    if (body.cut) {
      throw new DecodeError(
        action,
        `it is larger than the limit of ${maxBodyBytes} bytes`,
      );
    }
    let value: JsonValue | undefined;
    try {
      value = body.text === "" ? undefined : parseJson(body.text);
    } catch {
      // The cause would quote the body.
      const type = answer.headers.get("content-type") ?? "none";
      throw new DecodeError(
        action,
        `JSON is wanted, the content type is ${JSON.stringify(type)}`,
      );
    }
    return operation.decode(value, answer);
  };
}
