import { createLiveMessages } from "@tutti/sdk/roundtable";
import type {
  LiveFrame,
  LiveMessages,
  LiveMessagesOptions,
} from "@tutti/sdk/roundtable";
import { settle } from "./fake_clock.ts";
import { roundTableBench } from "./roundtable.ts";
import type { RoundTableBench } from "./roundtable.ts";
import { memorySocket } from "./roundtable_server_socket.ts";

/** A socket that somebody follows. */
export interface LiveBench extends RoundTableBench {
  readonly live: LiveMessages;
  /** Everything that came, in order. */
  readonly got: LiveFrame[];
  /** What ended the loop. */
  readonly end: Promise<unknown>;
}

/** Follows the messages of an agent, with the time in hand. */
export async function following(
  options: Partial<LiveMessagesOptions> = {},
  prepare: (bench: RoundTableBench) => void = () => {},
): Promise<LiveBench> {
  const bench = roundTableBench();
  prepare(bench);
  const live = createLiveMessages(bench.client, {
    agentId: "scout",
    WebSocket: memorySocket(bench.server),
    ...options,
  });
  const got: LiveFrame[] = [];
  const loop = async (): Promise<void> => {
    for await (const frame of live) got.push(frame);
  };
  const end = loop().then(() => "done", (error) => error);
  await settle();
  return { ...bench, live, got, end };
}
