import { Flux0Client } from "@tutti/sdk/flux0";
import type {
  FinishedEvent,
  Flux0ClientOptions,
  StoredEvent,
} from "@tutti/sdk/flux0";
import { FakeClock } from "./fake_clock.ts";
import { Flux0Server } from "./flux0_server.ts";
import type { Flux0ServerOptions } from "./flux0_server.ts";

/** A client of a flux0 server in memory, with the time in hand. */
export interface Flux0Bench {
  readonly server: Flux0Server;
  readonly clock: FakeClock;
  readonly client: Flux0Client;
}

/** Sets a client up on a server in memory. */
export function flux0Bench(
  options: Flux0ClientOptions = {},
  serverOptions: Flux0ServerOptions = {},
): Flux0Bench {
  const clock = new FakeClock();
  const server = new Flux0Server({ clock, ...serverOptions });
  const client = new Flux0Client({
    fetch: server.fetch,
    clock,
    random: () => 1,
    ...options,
  });
  return { server, clock, client };
}

/** What two events have to agree in: what the server adds by itself is left out. */
export function essence(
  events: readonly (FinishedEvent | StoredEvent)[],
): unknown[] {
  return events.map(({ type, data, metadata }) => ({ type, data, metadata }));
}
