// Type tests: what must compile does, and each line marked @ts-expect-error must not. Nothing here is run.
import { withAnswer } from "@tutti/sdk/http";
import type {
  Answer,
  CallOptions,
  OnceCallOptions,
  Operation,
  OptionsFor,
  Reply,
  RetryContract,
  Transport,
} from "@tutti/sdk/http";
import type { OpenwopClient } from "@tutti/sdk/openwop";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true
  : false;
const is = <_Proof extends true>(): void => {};

declare const transport: Transport;
declare const safe: Operation<string, "safe">;
declare const keyed: Operation<number, "keyed">;
declare const never: Operation<boolean, "never">;
declare const client: OpenwopClient;

// What may be repeated takes everything.

export const a: Promise<Reply<string>> = transport.call(safe, {
  retry: { retries: 1 },
});
export const b: Promise<Reply<number>> = transport.call(keyed, {
  retry: false,
  idempotencyKey: "k",
});
is<Equal<OptionsFor<"safe">, CallOptions>>();
is<Equal<OptionsFor<"keyed">, CallOptions>>();

// What may not be repeated has neither retry nor key.

export const c: Promise<Reply<boolean>> = transport.call(never, {
  timeoutMs: 1,
  signal: AbortSignal.timeout(1),
  headers: { "x-a": "1" },
  trace: { traceparent: "00" },
  onAnswer: (answer: Answer) => answer.status,
});
// @ts-expect-error a call that may not be repeated has no retry
transport.call(never, { retry: { retries: 1 } });
// @ts-expect-error not even to switch it off
transport.call(never, { retry: false });
// @ts-expect-error a key would promise what nobody keeps
transport.call(never, { idempotencyKey: "k" });
// @ts-expect-error the same holds for streams
transport.open(never, { retry: {} });
is<Equal<OptionsFor<"never">, OnceCallOptions>>();
is<Equal<"retry" extends keyof OnceCallOptions ? true : false, false>>();

// An operation says which it is.

// @ts-expect-error there is no operation without a contract
export const d: Operation = { method: "GET", path: "/", decode: () => 1 };
is<Equal<RetryContract, "safe" | "keyed" | "never">>();

// The schedule has one spelling.

// @ts-expect-error a part of the wait, not a word
transport.call(safe, { retry: { jitter: "full" } });
// @ts-expect-error in milliseconds, which the name says
transport.call(safe, { retry: { maxElapsed: 1 } });

// Options are one interface, and the answer is to be had from every method in one way.

export const e: Promise<{ readonly data: { readonly runId: string } }> =
  withAnswer((onAnswer) => client.runs.get("a/b", { onAnswer }));
is<Equal<NonNullable<Parameters<typeof client.runs.get>[1]>, CallOptions>>();
is<Equal<NonNullable<Parameters<typeof client.runs.cancel>[2]>, CallOptions>>();
