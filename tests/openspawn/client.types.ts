import { OpenSpawnClient } from "@tutti/sdk/openspawn";
import type {
  AgentEventType,
  KnownTaskStatus,
  NextTaskStatus,
  OpenSpawnClientOptions,
  Task,
  TaskStatus,
  TransferResult,
} from "@tutti/sdk/openspawn";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;
const yes = <T extends true>(_?: T): void => {};

const baseUrl = "https://api.test";
const agent = new OpenSpawnClient({ baseUrl, agentId: "a", secret: "s" });
const key = new OpenSpawnClient({ baseUrl, apiKey: "osp_x" });
const user = new OpenSpawnClient({ baseUrl, accessToken: () => "t" });
declare const options: OpenSpawnClientOptions;
const unknown = new OpenSpawnClient(options);
const id = "3f2b8c1e-7a54-4d0c-9f1e-2b6a7c8d9e0f";

yes<Equal<typeof agent, OpenSpawnClient<"agent">>>();
yes<Equal<typeof key, OpenSpawnClient<"apiKey">>>();
yes<Equal<typeof user, OpenSpawnClient<"accessToken">>>();

// @ts-expect-error a credential is wanted
new OpenSpawnClient({ baseUrl });
// @ts-expect-error only one of them
new OpenSpawnClient({ baseUrl, apiKey: "osp_x", agentId: "a", secret: "s" });
// @ts-expect-error an agent without its secret
new OpenSpawnClient({ baseUrl, agentId: "a" });

// An agent does everything but what users do.
agent.tasks.create({ title: "T" }) satisfies Promise<Task>;
agent.credits.balance() satisfies Promise<number>;
agent.credits.transfer({ toAgentId: id, amount: 1 }) satisfies Promise<
  TransferResult
>;
// @ts-expect-error users only
agent.webhooks.list();
user.webhooks.list();
user.auth.me();

// A key reads.
key.tasks.list() satisfies Promise<readonly Task[]>;
key.tasks.escalate(id, { reason: "MANUAL" });
// @ts-expect-error not callable: it names the remedy
key.tasks.create({ title: "T" });
yes<
  Equal<
    typeof key.tasks.create,
    "this operation needs an agent: make the client with agentId and secret"
  >
>();
// @ts-expect-error a key stands for no agent
key.credits.history();
// @ts-expect-error the same for a user
user.messages.send({ channelId: id, body: "m" });
// What takes effect and is answered with 500 has no result.
yes<Equal<ReturnType<typeof key.tasks.approve>, Promise<never>>>();
yes<Equal<ReturnType<typeof agent.tasks.approve>, Promise<Task>>>();

// What is not known to the compiler can do what all can.
unknown.tasks.list();
// @ts-expect-error perhaps it is a key
unknown.tasks.create({ title: "T" });

// Transfers are never repeated, so there is nothing to say about it.
agent.credits.spend({ amount: 1, reason: "r" }, { retry: { retries: 1 } });
// @ts-expect-error no retry
agent.credits.transfer({ toAgentId: id, amount: 1 }, { retry: { retries: 1 } });
// @ts-expect-error no retry
agent.templates.create({ name: "n", title: "t" }, { retry: false });

// Several changes cannot share a key.
// @ts-expect-error no key
agent.tasks.claim(id, { idempotencyKey: id });

// Unions take what is not known, and still help.
const status: TaskStatus = "of a newer server";
const type: AgentEventType = "task.created";
agent.events.list({ type, severity: "of a newer server" });
agent.tasks.list({ status });
// @ts-expect-error a transition is to a known status
agent.tasks.transition(id, { status: "doen" });
// @ts-expect-error any other word would be an abstention
agent.consensus.vote(id, { vote: "approve" });

yes<
  Equal<NextTaskStatus<"review">, "done" | "in_progress" | "cancelled">
>();
yes<Equal<NextTaskStatus<"done">, never>>();
yes<Equal<NextTaskStatus<"of a newer server">, KnownTaskStatus>>();
