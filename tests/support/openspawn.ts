import { OpenSpawnClient } from "@tutti/sdk/openspawn";
import type { AgentOptions } from "@tutti/sdk/openspawn";
import { OpenSpawnServer, servingOpenSpawn } from "./openspawn_server.ts";

type More = Omit<
  Partial<AgentOptions>,
  "agentId" | "secret" | "apiKey" | "accessToken"
>;

/** A server on a real socket, and clients for it. */
export interface OpenSpawnKit {
  readonly server: OpenSpawnServer;
  readonly url: string;
  /** Signs as an agent: `founder`, `lead` (its child), `worker1` (child of `lead`), `hr`. */
  as(agentId: string, more?: More): OpenSpawnClient<"agent">;
  /** Uses the API key. */
  byKey(more?: More): OpenSpawnClient<"apiKey">;
  /** Uses the token of a user. */
  byUser(): OpenSpawnClient<"accessToken">;
  /** UUID of an agent. */
  id(agentId: string): string;
}

/** Serves on a real socket for the length of `use`. */
export function withOpenSpawn(
  use: (kit: OpenSpawnKit) => Promise<void>,
  server?: OpenSpawnServer,
): Promise<void> {
  return servingOpenSpawn(
    (server, baseUrl) => use(kitOf(server, baseUrl)),
    server,
  );
}

/** The same in this process, without a socket. */
export function openSpawnKit(
  server: OpenSpawnServer = new OpenSpawnServer(),
): OpenSpawnKit {
  const { fetch } = server;
  return kitOf(server, "https://api.test", { fetch });
}

function kitOf(
  server: OpenSpawnServer,
  url: string,
  always: More = {},
): OpenSpawnKit {
  const shared = { baseUrl: url, random: () => 0, ...always };
  return {
    server,
    url,
    as: (agentId, more) =>
      new OpenSpawnClient({ ...shared, ...server.identity(agentId), ...more }),
    byKey: (more) =>
      new OpenSpawnClient({ ...shared, ...more, apiKey: server.apiKey }),
    byUser: () =>
      new OpenSpawnClient({ ...shared, accessToken: server.userToken }),
    id: (agentId) => server.agent(agentId).id,
  };
}
