// What the compiler knows about the operations.
import { isCode, OpenwopClient, UnsupportedError } from "@tutti/sdk/openwop";
import type {
  AgentInventory,
  JsonObject,
  OperationName,
  PauseResponse,
  RunEffects,
  ToolDescriptor,
} from "@tutti/sdk/openwop";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;
const same = <A, B>(_: Equal<A, B>): void => {};

const client = new OpenwopClient({ baseUrl: "https://wop.test" });

export async function answers(): Promise<void> {
  const paused = await client.runs.pause("acme/r", { reason: "lunch" });
  same<typeof paused, PauseResponse>(true);
  const effects = await client.runs.effects("acme/r");
  same<typeof effects, RunEffects>(true);
  const agents = await client.agents.list();
  same<typeof agents, AgentInventory>(true);
  const tools = await client.tools.list();
  same<typeof tools, readonly ToolDescriptor[]>(true);
  const compact = await client.tools.list({ view: "compact" });
  same<typeof compact.tools, readonly JsonObject[]>(true);
}

export function requests(): void {
  client.runs.pause("acme/r", { drainPolicy: "immediate" });
  // @ts-expect-error there is no such policy
  client.runs.pause("acme/r", { drainPolicy: "now" });
  // @ts-expect-error a resume drains nothing
  client.runs.resume("acme/r", { drainPolicy: "immediate" });
  // @ts-expect-error a rating is a whole number from 1 to 5
  client.runs.createAnnotation("r", { signal: { kind: "rating", rating: 6 } });
  // @ts-expect-error a label needs its words
  client.runs.createAnnotation("r", { signal: { kind: "label" } });
  // @ts-expect-error both ends are wanted
  client.audit.verify({ fromSeq: 0 });
  // @ts-expect-error it has no such transition
  client.agents.deploy("a", { version: "1.0.0", transition: "launch" });
}

export function keys(): void {
  client.prompts.create({
    templateId: "t",
    version: "1.0.0",
    kind: "user",
    text: "Hi",
  }, { idempotencyKey: "a" });
  // @ts-expect-error the operation takes no key
  client.prompts.delete("t", { idempotencyKey: "a" });
  // @ts-expect-error what is sent once is not tried again
  client.content.deletePage("s", { retry: {} });
  // @ts-expect-error the operation takes no key
  client.webhooks.unregister("w", { idempotencyKey: "a" });
}

export function failures(error: unknown): void {
  if (UnsupportedError.is(error)) {
    same<typeof error.operation, OperationName>(true);
    same<typeof error.capability, string | undefined>(true);
  }
  if (isCode(error, "run_state_conflict")) {
    same<typeof error.platformCode, "run_state_conflict">(true);
    const status: string | undefined = error.details?.runStatus;
    // @ts-expect-error it is no number
    const wrong: number | undefined = error.details?.runStatus;
    console.log(status, wrong);
  }
}
