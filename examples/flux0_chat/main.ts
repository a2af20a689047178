// Teaches: a chat in the terminal, with answers that grow while the agent speaks.

import assert from "node:assert/strict";
import process from "node:process";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { AgentFailedError, Flux0Client } from "@tutti/sdk/flux0";
import type { Turn } from "@tutti/sdk/flux0";
import { TuttiError } from "@tutti/sdk/http";
import { openLocalServer } from "./local_server.ts";

const help = `
Usage: main.ts [--url URL] [--agent ID]

Chats with an agent of a flux0 server. An empty line ends it, Ctrl-C ends an answer.
Without a terminal it asks one question and checks the answer.

  --url URL    the server, for example http://127.0.0.1:8080; without it, a small
               one is opened on this machine, whose agent knows about the weather
  --agent ID   which agent @default the first one
`;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    agent: { type: "string" },
    help: { type: "boolean" },
  },
});
const isInteractive = process.stdin.isTTY === true &&
  process.stdout.isTTY === true;

if (values.help) console.log(help.trim());
else await main();

async function main(): Promise<void> {
  const local = values.url === undefined
    ? await openLocalServer(isInteractive ? 60 : 0)
    : undefined;
  const client = new Flux0Client({ baseUrl: local?.url ?? values.url });
  try {
    const agents = await client.agents.list();
    const agent = agents.find(({ id }) =>
      values.agent === undefined || id === values.agent
    );
    if (!agent) throw new Error("This server has no such agent");
    const { id } = await client.sessions.create({ agent_id: agent.id });
    if (isInteractive) await chat(client, id, agent.name);
    else await check(client, id);
  } finally {
    await client.close();
    await local?.close();
  }
}

/** Talks until an empty line. */
async function chat(
  client: Flux0Client,
  sessionId: string,
  name: string,
): Promise<void> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
  });
  console.log(`You talk to ${printable(name)}. An empty line ends it.`);
  // Ctrl-D and, where no answer is under way, Ctrl-C end it too: as an empty line.
  const ended = new Promise<string>((resolve) =>
    lines.once("close", () => setTimeout(resolve, 0, ""))
  );
  for (;;) {
    const asked = lines.question("\nyou> ").catch(() => "");
    const line = (await Promise.race([asked, ended])).trim();
    if (line === "") break;
    const turn = client.sessions.send(sessionId, line);
    const stop = (): void => void turn.close();
    lines.once("SIGINT", stop);
    try {
      await show(turn, (text) => process.stdout.write(text));
    } catch (error) {
      if (!TuttiError.is(error)) throw error;
      console.log(`\n${error.message}\n${error.hint ?? ""}`);
    } finally {
      lines.off("SIGINT", stop);
    }
  }
  lines.close();
  console.log();
}

/** Writes an answer while it grows. */
async function show(turn: Turn, write: (text: string) => void): Promise<void> {
  let last: unknown;
  for await (const part of turn) {
    if (part.type === "status") {
      if (part.status === "error") write("\n(the agent reports an error)");
    } else if (part.type === "warning") write(`\n(${part.problem})`);
    else if (part.type === "tool_call") {
      for (const call of part.draft.parts) {
        if (call.type !== "tool_call") continue;
        const args = JSON.stringify(call.args);
        write(`\n  calls ${printable(`${call.tool_name} ${args}`)}`);
      }
    } else if (part.type === "tool_result") {
      for (const { result } of part.draft.toolResults) {
        write(`\n  gets  ${printable(JSON.stringify(result?.data))}`);
      }
    } else {
      if (part.draft !== last) {
        write(part.type === "reasoning" ? "\n  thinks: " : "\n");
      }
      last = part.draft;
      write(printable(part.delta ?? `\n${part.draft.text}`));
    }
  }
  write("\n");
  if (turn.outcome === "failed") {
    throw new AgentFailedError(turn.sessionId, "failed", undefined);
  }
}

/** What an agent says may hold anything; a terminal obeys some of it. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, "");
}

/** Without a terminal: asks, and checks what comes. */
async function check(client: Flux0Client, sessionId: string): Promise<void> {
  let shown = "";
  const turn = client.sessions.send(sessionId, "Will it rain in Lima?");
  await show(turn, (text) => shown += text);
  const result = await turn.collect();
  assert.equal(result.outcome, "completed");
  console.log(`${shown}\n(the history is ${result.history.state})`);
  if (values.url !== undefined) return;
  assert.equal(result.text, "It is dry in Lima, at 21 degrees.");
  assert.ok(shown.includes(result.text));
  assert.match(shown, /thinks: Somebody asks about Lima/);
  assert.match(shown, /calls get_weather \{"place":"Lima"\}/);
  assert.equal(result.history.state, "exact");
  const other = client.sessions.send(sessionId, "Who are you?");
  let tokens = "";
  for await (const token of other.tokens()) tokens += token;
  assert.equal(tokens, await other.text());
  const events = await client.sessions.listEvents(sessionId, {
    types: ["message"],
    source: "user",
  });
  assert.equal(events.length, 2);
}
