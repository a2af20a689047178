// Web standards only.
import { createTransport, DecodeError, path } from "../http/mod.ts";
import type { CallOptions, ClientOptions, Transport } from "../http/mod.ts";
import type { Call } from "./call.ts";
import {
  isRecord,
  RoundTableError,
  toRoundTableError,
} from "./roundtable_error.ts";
import { createTokens } from "./tokens.ts";
import type { Credentials, Tokens } from "./tokens.ts";

/** Where a server is, who you are there, and how to talk to it. Only `baseUrl` is required. */
export interface RoundTableClientOptions extends ClientOptions, Credentials {
  /** With or without `/api/v1` at its end, for example `http://localhost:8000/api/v1`. */
  readonly baseUrl: string;
}

/** What the resources share. */
export interface RoundTableApi {
  /** The pipeline of every request. */
  readonly transport: Transport;
  /** Whose calls these are. */
  readonly tokens: Tokens;
  /** Makes a call and gives its content. */
  readonly call: Call;
}

/** Builds the way to a server. Sends nothing. */
export function createApi(options: RoundTableClientOptions): RoundTableApi {
  const call: Call = async <T>(
    operation: string,
    ids: readonly string[],
    options?: CallOptions,
    json?: object,
    query?: Readonly<Record<string, number>>,
  ): Promise<T> => {
    const [, method = "", marks = "", route = "", member] =
      /^(\w+)(\S*) (\S+) ?(.*)/.exec(operation)!;
    const texts = ((marks.includes("/") ? "" : "/api/v1") + route)
      .split(/{\w+}/);
    const where = path(texts as never, ...ids);
    let isUncertain = false;
    try {
      return (await transport.call({
        method,
        path: where,
        query,
        json: json && !marks.includes("=") ? withoutNulls(json) : json,
        contract: method === "POST" && !marks.includes("!") ? "never" : "safe",
        auth: !marks.includes("-"),
        isRetryable({ retryable }) {
          isUncertain ||= retryable;
          return retryable;
        },
        decode(body) {
          // Most answers are wrapped, some are not.
          const data = isRecord(body) && "success" in body ? body.data : body;
          if (member && !(isRecord(data) && member in data)) {
            throw new DecodeError(
              `${method} ${where}`,
              `an object with "${member}" is wanted`,
            );
          }
          return data as T;
        },
      }, options as CallOptions)).data;
    } catch (error) {
      // The answer of an earlier try was lost: it is gone, as it should be.
      if (
        method === "DELETE" && RoundTableError.is(error) &&
        error.status === 404 && isUncertain
      ) return undefined as T;
      throw error;
    }
  };
  const tokens = createTokens(options, call);
  const transport = createTransport({
    ...options,
    baseUrl: options.baseUrl.replace(/\/+$/, "").replace(/\/api\/v1$/, ""),
    classify: toRoundTableError,
    aroundCall: [...(options.aroundCall ?? []), tokens.around],
  });
  return { call, tokens, transport };
}

/** Only where the server has defaults: what is free form may hold any `null`. */
function withoutNulls(json: object): object {
  return Object.fromEntries(
    Object.entries(json)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [
        name,
        /^(settings|agent_config|resource_limits)$/.test(name) &&
          isRecord(value)
          ? withoutNulls(value)
          : value,
      ]),
  );
}
