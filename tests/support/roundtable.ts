import { RoundTableClient } from "@tutti/sdk/roundtable";
import type { RoundTableClientOptions } from "@tutti/sdk/roundtable";
import { FakeClock } from "./fake_clock.ts";
import { RoundTableServer } from "./roundtable_server.ts";
import type { RoundTableServerOptions } from "./roundtable_server.ts";

export const ADA = {
  email: "ada@workshop.example.com",
  password: "correct-horse-9",
};

/** A client of a server in memory, with the time in hand. */
export interface RoundTableBench {
  readonly server: RoundTableServer;
  readonly clock: FakeClock;
  readonly client: RoundTableClient;
}

/** Sets a client up, Ada registered and with her password in the options. */
export function roundTableBench(
  options: Partial<RoundTableClientOptions> = {},
  serverOptions: RoundTableServerOptions = {},
): RoundTableBench {
  const clock = new FakeClock();
  const server = new RoundTableServer({
    now: () => clock.now(),
    ...serverOptions,
  });
  server.users.push({
    user_id: "usr_00000000ad",
    full_name: "Ada",
    is_active: true,
    ...ADA,
  });
  const client = new RoundTableClient({
    baseUrl: "https://table.test/api/v1",
    fetch: server.fetch,
    clock,
    random: () => 0,
    // The same tests run in a page.
    allowSecretsInBrowser: true,
    ...(options.apiKey === undefined && options.refreshToken === undefined &&
      ADA),
    ...options,
  });
  return { server, clock, client };
}
