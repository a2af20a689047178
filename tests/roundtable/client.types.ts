import {
  createLiveMessages,
  deleteWorkspace,
  listWorkspaces,
  patchConfig,
  RoundTableClient,
} from "@tutti/sdk/roundtable";
import type {
  AgentMessage,
  LiveFrame,
  LiveSocket,
  Workspace,
  WorkspaceSettings,
} from "@tutti/sdk/roundtable";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;
const check = <_ extends true>(): void => {};

const client = new RoundTableClient({ baseUrl: "http://localhost:8000" });

export async function right(): Promise<void> {
  const workspace = await client.workspaces.get("ws_1");
  check<Equal<typeof workspace, Workspace>>();
  check<Equal<typeof workspace.description, string | null>>();
  const { status } = await client.messages.get("msg_1");
  check<Equal<typeof status.status, string>>();
  for await (const { sandbox_count } of listWorkspaces(client)) {
    check<Equal<typeof sandbox_count, number>>();
  }
  await patchConfig(client, "ws_1", { retention_days: 3 });
  await deleteWorkspace(client, "ws_1", { cascade: true, retry: false });
  const [first] = await client.messages.list("sb_1", { limit: 1 });
  check<Equal<typeof first, AgentMessage | undefined>>();
  await client.collaborations.orchestrate("ws_1", {
    task: "t",
    participants: ["sb_1"],
    mode: "swarm",
    config: { timeout: 60, extra_params: { a: null } },
  });
  // The class of every runtime will do.
  const Global: new (url: string) => LiveSocket = WebSocket;
  const live = createLiveMessages(client, { WebSocket: Global });
  createLiveMessages(client, { WebSocket });
  for await (const frame of live) {
    check<Equal<typeof frame, LiveFrame>>();
    if (frame.type === "message") {
      check<Equal<typeof frame.data.timestamp, number>>();
    } else if (frame.type === "connected") {
      check<Equal<typeof frame.connection_id, string>>();
    } else if (frame.type === "error") {
      check<Equal<typeof frame.message, string>>();
    } else {
      check<Equal<typeof frame.type, "unknown">>();
    }
  }
}

export async function wrong(): Promise<void> {
  // @ts-expect-error a base URL is wanted
  new RoundTableClient({});
  // @ts-expect-error there is no third mode of this name
  const mode: "swarm" = "broadcast";
  await client.collaborations.orchestrate("ws_1", {
    task: "t",
    participants: [],
    // @ts-expect-error the guides say so, the server refuses it
    mode: "broadcast",
  });
  // @ts-expect-error the part of a list comes first, the options of the call after it
  await client.workspaces.list({ signal: AbortSignal.timeout(1) });
  // @ts-expect-error what creates something is sent once
  await client.workspaces.create({ name: "a" }, { retry: { retries: 3 } });
  // @ts-expect-error the content is an object
  await client.messages.send("sb_1", { to_sandbox_id: "sb_2", content: "hi" });
  const some: Partial<WorkspaceSettings> = { retention_days: 3 };
  // @ts-expect-error settings are replaced, so all of them are wanted
  await client.workspaces.updateConfig("ws_1", some);
  // @ts-expect-error the same here
  await client.workspaces.update("ws_1", { settings: { max_sandboxes: 3 } });
  // @ts-expect-error the name of the field is the server's
  await client.sandboxes.create("ws_1", { name: "a", agentConfig: {} });
  await client.messages.send("sb_1", {
    to_sandbox_id: "sb_2",
    content: {},
    // @ts-expect-error between sandboxes there are four
    message_type: "gossip",
  });
  console.log(mode);
}
