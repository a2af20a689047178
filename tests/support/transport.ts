import { createTransport, idempotencyKeys } from "@tutti/sdk/http";
import type {
  JsonValue,
  Operation,
  RetryContract,
  Transport,
  TransportOptions,
} from "@tutti/sdk/http";
import { FakeClock } from "./fake_clock.ts";
import type { ScriptedFetch } from "@tutti/sdk/testing";
import { scripted } from "./scripted_fetch.ts";
import type { Step } from "./scripted_fetch.ts";

/** A transport on a scripted server and a clock under control. */
export interface Bench {
  readonly transport: Transport;
  readonly server: ScriptedFetch;
  readonly clock: FakeClock;
}

/** Sets the bench up. Waits are never shortened by jitter unless `random` says so. */
export function bench(
  steps: readonly Step[],
  options: Partial<TransportOptions> = {},
): Bench {
  const server = scripted(steps);
  const clock = new FakeClock();
  const transport = createTransport({
    baseUrl: "https://api.test/base/",
    fetch: server.fetch,
    clock,
    random: () => 1,
    idempotency: idempotencyKeys({
      header: "idempotency-key",
      createKey: () => "made-here",
    }),
    ...options,
  });
  return { transport, server, clock };
}

/** A read. */
export const read: Operation<JsonValue | undefined, "safe"> = {
  method: "GET",
  path: "/things",
  contract: "safe",
  decode: (body) => body,
};

/** A write under `contract`. */
export function write<Contract extends RetryContract>(
  contract: Contract,
): Operation<JsonValue | undefined, Contract> {
  return {
    method: "POST",
    path: "/things",
    json: { a: 1 },
    contract,
    decode: (body) => body,
  };
}
