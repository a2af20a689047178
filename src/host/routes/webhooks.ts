// Web standards only.
import { isVendorType } from "../../engine/mod.ts";
import { createStandardWebhooks } from "../../http/mod.ts";
import { EVENT_TYPES } from "../../openwop/protocol/mod.ts";
import type { JsonObject } from "../../openwop/protocol/mod.ts";
import { done } from "../idempotency.ts";
import { mintId, readBoundId } from "../ids.ts";
import { tooMany } from "../limits.ts";
import type { Call, HostParts } from "../parts.ts";
import { queryNumber } from "../query.ts";
import { closedObject, optionalTags, optionalText } from "../read_body.ts";
import { invalid, notFound, Refusal } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import { ALGORITHMS, DEAD_LETTER_PAGE, OVERLAP_S } from "../webhooks/policy.ts";
import { undeliverable } from "../webhooks/post.ts";
import { challenge } from "../webhooks/send.ts";

const MAX_URL = 2_048;
const MAX_TYPE = 256;
const MAX_TYPES = 256;
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
  const refused = undeliverable(host.sender, url);
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
  const isStandard = readAlgorithms(body);
  const given = readSecret(body, isStandard);
  let secret = given ?? makeSecret();
  const webhookId = mintId(
    tenant,
    () => call.claimed?.seed ?? host.ids(),
  );
  const { webhooks } = host.limits;
  if (isStandard) await verifyEndpoint(host, call, url);
  const end = await host.store.addSubscription({
    webhookId,
    tenant,
    url,
    events,
    secret,
    ...(tags !== undefined && { tags }),
    ...(isStandard && { isStandard }),
  }, webhooks);
  if (end === "full") throw tooMany("webhooks", webhooks);
  if (end === "known") {
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
      signatureAlgorithms: ALGORITHMS.slice(0, isStandard ? 2 : 1),
      // Shown here and never again.
      ...(given === undefined && { secret }),
    },
  };
}

/** `POST /webhooks/{webhookId}/rotate-secret`. Source: v2 §3.3, §6.2 row 30. */
export async function rotateSecret(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const webhookId = readBoundId(segment, call.principal.tenant, "webhook");
  const known = await host.store.loadSubscription(webhookId);
  if (known === undefined) throw unknownWebhook();
  const body = closedObject(call.body, ["secret"]);
  const secret = readSecret(body, known.isStandard);
  const rotatedAt = host.clock.now();
  const until = rotatedAt + OVERLAP_S * 1_000;
  if (secret === undefined) throw noSecret("a new one is wanted");
  const now = await host.store.changeSubscription(
    webhookId,
    // A request that is made again changes nothing.
    (old) =>
      old.secret === secret ? old : {
        ...old,
        secret,
        rotatedAt,
        previous: { secret: old.secret, until },
      },
  );
  if (now === undefined) throw unknownWebhook();
  if (now.rotatedAt === undefined || now.previous === undefined) {
    throw noSecret("another than the old one is wanted");
  }
  return {
    status: 200,
    body: {
      rotatedAt: new Date(now.rotatedAt).toISOString(),
      previousSecretExpiresAt: new Date(now.previous.until).toISOString(),
    },
  };
}

/** `DELETE /webhooks/{webhookId}`. Source: v2 §11.1. */
export async function unregisterWebhook(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const { principal: { tenant }, claimed } = call;
  const webhookId = readBoundId(segment, tenant, "webhook");
  const effect = claimed && { scope: claimed.scope, answer: true };
  host.outbox.forget(webhookId);
  if (
    done(claimed, webhookId) ||
    await host.store.removeSubscription(webhookId, effect)
  ) return { status: 204 };
  throw unknownWebhook();
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
  throw unknownWebhook();
}

function unknownWebhook(): Refusal {
  return notFound("Cannot find the webhook: this host has none of that id");
}

/** An endpoint of the companion scheme has to say that it wants to be one. Source: v2 §11.1. */
async function verifyEndpoint(
  { sender, openings }: HostParts,
  call: Call,
  url: string,
): Promise<void> {
  const opening = openings.open(call.signal);
  try {
    if (await challenge(sender, url, opening.signal)) return;
  } finally {
    opening.close();
  }
  throw new Refusal(
    400,
    "webhook_endpoint_unverified",
    "Cannot register the webhook: the endpoint did not send back its challenge within 10 seconds",
    { pointer: "/url" },
  );
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
    typeof type !== "string" || type.length > MAX_TYPE ||
    !(EVENT_TYPES.has(type) || isVendorType(type))
  );
  if (unknown !== -1) {
    throw invalid(
      "Cannot register the webhook: there is no such event type",
      `/events/${unknown}`,
    );
  }
  // Each is looked at with each event of each run.
  const types = [...new Set(events as string[])];
  if (types.length <= MAX_TYPES) return types;
  throw invalid(
    `Cannot register the webhook: events must name at most ${MAX_TYPES} types`,
    "/events",
  );
}

/** Whether deliveries are to carry the headers of Standard Webhooks too. */
function readAlgorithms(body: JsonObject): boolean {
  const { signatureAlgorithms: wanted = ["v1"] } = body;
  const [first, second] = ALGORITHMS;
  if (
    Array.isArray(wanted) && wanted.includes(first) &&
    new Set(wanted).size === wanted.length &&
    wanted.every((one) => one === first || one === second)
  ) return wanted.length === 2;
  throw invalid(
    `Cannot register the webhook: signatureAlgorithms must hold ${first}, and may hold ${second}`,
    "/signatureAlgorithms",
  );
}

function readSecret(
  body: JsonObject,
  isStandard: boolean | undefined,
): string | undefined {
  const secret = optionalText(body, "secret", MAX_SECRET);
  if (secret === undefined) return undefined;
  if (secret.length < MIN_SECRET) {
    throw noSecret(`${MIN_SECRET} characters or more are wanted`);
  }
  if (!isStandard) return secret;
  try {
    createStandardWebhooks(secret);
    return secret;
  } catch {
    throw noSecret('"whsec_" and 24 to 64 bytes in base64 are wanted');
  }
}

function noSecret(problem: string): Refusal {
  return invalid(`Cannot use the secret: ${problem}`, "/secret");
}

function makeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
