// Web standards only.
import { EVENT_TYPES } from "../../openwop/protocol/mod.ts";
import type { JsonObject } from "../../openwop/protocol/mod.ts";
import { mintId, readBoundId } from "../ids.ts";
import type { Call, HostParts } from "../parts.ts";
import { queryNumber } from "../query.ts";
import { closedObject, optionalTags, optionalText } from "../read_body.ts";
import { invalid, notFound, Refusal } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import { refusalOf } from "../webhooks/egress.ts";
import { DEAD_LETTER_PAGE } from "../webhooks/policy.ts";

const MAX_URL = 2_048;
const MIN_SECRET = 16;
const MAX_SECRET = 512;

/** `POST /webhooks`. Source: v2 §11.1. */
export async function registerWebhook(
  host: HostParts,
  call: Call,
): Promise<Reply> {
  const body = closedObject(call.body, [
    "url",
    "events",
    "secret",
    "tags",
    "signatureAlgorithms",
  ]);
  const { tenant } = call.principal;
  const url = optionalText(body, "url", MAX_URL) ?? "";
  const refused = refusalOf(url, host.allowPrivateWebhooks);
  if (refused !== undefined) {
    throw new Refusal(
      400,
      "webhook_url_rejected",
      `Cannot deliver to the URL: ${refused}`,
      { pointer: "/url" },
    );
  }
  const events = readEvents(body);
  const tags = optionalTags(body);
  checkAlgorithms(body);
  const given = readSecret(body);
  let secret = given ?? makeSecret();
  const webhookId = mintId(
    tenant,
    () => call.claimed?.seed ?? host.ids(),
  );
  const isNew = await host.store.addSubscription({
    webhookId,
    tenant,
    url,
    events,
    secret,
    ...(tags !== undefined && { tags }),
  });
  if (!isNew) {
    // The process died after it was kept and before it was answered: the secret is the one from then.
    const first = await host.store.loadSubscription(webhookId);
    if (!call.claimed?.isAgain || !first) {
      throw new Error(`Cannot register: ids gave ${webhookId} twice`);
    }
    secret = first.secret;
  }
  host.outbox.poke();
  return {
    status: 201,
    body: {
      webhookId,
      signatureAlgorithms: ["v1"],
      // Shown here and never again.
      ...(given === undefined && { secret }),
    },
  };
}

/** `DELETE /webhooks/{webhookId}`. Source: v2 §11.1. */
export async function unregisterWebhook(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const webhookId = await findWebhook(host, call, segment);
  await host.store.removeSubscription(webhookId);
  return { status: 204 };
}

/** `GET /webhooks/{webhookId}/dead-letters`. Nothing of what was sent is in it. Source: v2 §6.2, §11.3. */
export async function listDeadLetters(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const webhookId = await findWebhook(host, call, segment);
  const limit = Math.min(
    queryNumber(call, "limit", 1, Number.MAX_SAFE_INTEGER) ?? DEAD_LETTER_PAGE,
    DEAD_LETTER_PAGE,
  );
  const before = cursorOf(call, webhookId);
  const dead = await host.store.deadDeliveries(webhookId, before, limit);
  const last = dead.at(-1);
  return {
    status: 200,
    body: {
      deliveries: dead.map(({ id, runId, sequence, attempts, at }) => ({
        deliveryId: `${webhookId}.${id}`,
        runId,
        sequence,
        attempts,
        deadLetteredAt: new Date(at).toISOString(),
      })),
      ...(last && dead.length === limit &&
        { nextCursor: `${tagOf(webhookId)}.${last.id}` }),
    },
  };
}

/** A cursor belongs to the subscription that it was given for. Source: v2 §6.3. */
function cursorOf(call: Call, webhookId: string): number {
  const cursor = call.query.get("cursor");
  if (cursor === null) return Number.MAX_SAFE_INTEGER;
  const [, tag, id] = /^(.{1,128})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (tag === tagOf(webhookId)) return Number(id);
  throw invalid(
    "Cannot use the query: cursor must be the nextCursor of another page of this webhook",
    "/cursor",
  );
}

function tagOf(webhookId: string): string {
  return webhookId.slice(webhookId.indexOf("/") + 1);
}

async function findWebhook(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<string> {
  const webhookId = readBoundId(segment, call.principal.tenant, "webhook");
  if (await host.store.loadSubscription(webhookId)) return webhookId;
  throw notFound("Cannot find the webhook: this host has none of that id");
}

function readEvents(body: JsonObject): readonly string[] {
  const { events } = body;
  if (!Array.isArray(events) || events.length === 0) {
    throw invalid(
      "Cannot register the webhook: events must name at least one type",
      "/events",
    );
  }
  const unknown = events.findIndex((type) =>
    typeof type !== "string" ||
    // A vendor's own types carry the name of the vendor.
    !(EVENT_TYPES.has(type) || /^[a-z0-9-]+\.[a-z0-9-]+\./.test(type))
  );
  if (unknown !== -1) {
    throw invalid(
      "Cannot register the webhook: there is no such event type",
      `/events/${unknown}`,
    );
  }
  return events as string[];
}

function checkAlgorithms(body: JsonObject): void {
  const { signatureAlgorithms: wanted = ["v1"] } = body;
  if (Array.isArray(wanted) && wanted.length === 1 && wanted[0] === "v1") {
    return;
  }
  throw invalid(
    "Cannot register the webhook: this host signs by v1 alone",
    "/signatureAlgorithms",
  );
}

function readSecret(body: JsonObject): string | undefined {
  const secret = optionalText(body, "secret", MAX_SECRET);
  if (secret === undefined || secret.length >= MIN_SECRET) return secret;
  throw invalid(
    `Cannot register the webhook: a secret of ${MIN_SECRET} characters or more is wanted`,
    "/secret",
  );
}

function makeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
