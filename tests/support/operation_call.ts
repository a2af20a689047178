import type { CallOptions } from "@tutti/sdk/http";
import type { OpenwopClient } from "@tutti/sdk/openwop";

/** One operation, as the references have it and not as the code has it. */
export interface OperationCall {
  /** Calls it with ids that need encoding. */
  readonly call: (
    client: OpenwopClient,
    options?: Pick<
      CallOptions,
      "headers" | "idempotencyKey" | "signal" | "timeoutMs"
    >,
  ) => PromiseLike<unknown>;
  /** Method and path in version 2; nothing where that has none. */
  readonly v2?: string;
  /** Method and path in version 1; nothing where that has none. */
  readonly v1?: string;
  /** The body, as JSON. */
  readonly body?: unknown;
  /** What a host answers. @default {} */
  readonly answer?: unknown;
  /** @default "safe" for GET, "keyed" for the rest */
  readonly contract?: "never";
  /** @default true */
  readonly auth?: false;
  /** The capability in version 2, and in version 1 where that is another one. */
  readonly gate?: readonly [v2: string | undefined, v1?: string];
}

/** An id that paths have to encode. */
export const RUN = "acme/run-0123456789abcdef";
/** The same path in both majors; `RUN` stands for the id of the run. */
export const both = (
  verb: string,
  path: string,
): Pick<OperationCall, "v1" | "v2"> => ({
  v2: `${verb} ${path.replace("RUN", "acme~2Frun-0123456789abcdef")}`,
  v1: `${verb} /v1${path.replace("RUN", "acme%2Frun-0123456789abcdef")}`,
});
/** In version 2 alone. */
export const only2 = (
  verb: string,
  path: string,
): Pick<OperationCall, "v2"> => ({
  v2: both(verb, path).v2!,
});
/** In version 1 alone. */
export const only1 = (
  verb: string,
  path: string,
): Pick<OperationCall, "v1"> => ({
  v1: both(verb, path).v1!,
});
/** The first item of a list or a stream. */
export const first = async (
  list: AsyncIterator<unknown> & { close(): Promise<void> },
): Promise<unknown> => {
  const { value } = await list.next();
  await list.close();
  return value;
};
