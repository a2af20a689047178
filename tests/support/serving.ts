import { createScriptedServer } from "@tutti/sdk/testing";
import type { ScriptedServer, ScriptedServerOptions } from "@tutti/sdk/testing";

/** A scripted server on a real socket for the length of `use`. (`await using` is too new for Node 20.) */
export async function serving(
  options: ScriptedServerOptions,
  use: (server: ScriptedServer) => Promise<void>,
): Promise<void> {
  const server = await createScriptedServer(options);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}
