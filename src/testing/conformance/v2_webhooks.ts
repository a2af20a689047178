// Web standards only.
import { toBase64, toHex } from "../../http/mod.ts";
import { holds, oneOf, same } from "./expect.ts";
import type { Json } from "./expect.ts";
import { refused, status } from "./probe.ts";
import type { Probe } from "./probe.ts";
import type { Scenarios } from "./scenarios.ts";
import { NotChecked } from "./subject.ts";

/** How long deliveries may take where the host does not say. Source: v2 §14.5. */
const WINDOW_MS = 90_000;

const COMPANION = "standard-webhooks-1";

interface Delivery {
  readonly at: number;
  readonly answered: number;
  readonly headers: Headers;
  readonly body: Json;
  readonly raw: string;
}

/** Deliveries that last. Source: v2 §14.5. */
export const v2Webhooks: Scenarios = {
  "v2-webhook-durable-delivery": {
    "a delivery that fails is repeated, with growing gaps": async (probe) => {
      const { retryPolicy } = await probe.family("webhooks");
      const most = retryPolicy?.maxAttempts ?? 2;
      if (most < 2) {
        throw new NotChecked("inapplicable", "no delivery is repeated");
      }
      const failures = Math.min(2, most - 1);
      await hooked(probe, ["run.completed"], {
        answer: (count) => count <= failures ? 500 : 204,
      }, async ({ came, webhookId, run }) => {
        const isThere = await probe.until(
          () => came.some(({ answered }) => answered === 204),
          windowOf(retryPolicy),
        );
        holds(isThere, `${came.length} attempts, none of them taken`);
        holds(came.length > failures, "fewer attempts than failures");
        for (const { headers, body } of came) {
          same(headers.get("openwop-webhook-id"), webhookId, "id header");
          same(body.runId, run.runId, "runId of the delivery");
        }
        if (retryPolicy?.backoff !== "exponential" || came.length < 3) return;
        const [a, b, c] = came.map(({ at }) => at) as [number, number, number];
        holds(
          c - b >= 1.25 * (b - a),
          `gaps of ${b - a} and ${c - b} ms do not grow`,
        );
      });
    },
    "a delivery that is never taken is given up, and told without content":
      async (probe) => {
        const { retryPolicy, deadLetter } = await probe.family("webhooks");
        await hooked(probe, ["run.completed"], {
          answer: () => 500,
        }, async ({ came, path, run }) => {
          const most = retryPolicy?.maxAttempts ?? 2;
          await probe.until(() => came.length >= most, windowOf(retryPolicy));
          await probe.wait(2_000);
          holds(came.length > 1, "one attempt only");
          holds(came.length <= most, `${came.length} attempts of ${most}`);
          if (deadLetter === undefined) return;
          let page: Json;
          const isThere = await probe.until(async () => {
            page = (await probe.get(`${path}/dead-letters`)).body;
            return page.deliveries.some((one: Json) => one.runId === run.runId);
          }, 10_000);
          holds(isThere, "the delivery is not among the dead letters");
          const dead = page.deliveries.find((one: Json) =>
            one.runId === run.runId
          );
          for (const key of ["body", "headers", "secret"]) {
            holds(!(key in dead), `a dead letter shows its ${key}`);
          }
        });
      },
    "dead letters are read while their webhook lives": async (probe) => {
      const { deadLetter } = await probe.family("webhooks");
      if (deadLetter === undefined) {
        throw new NotChecked("inapplicable", "no dead letters are advertised");
      }
      const created = await probe.post("/webhooks", {
        url: "https://subscriber.invalid/hook",
        events: ["run.completed"],
      });
      status(created, 201);
      const { webhookId } = created.body;
      const path = `/webhooks/${encodeURIComponent(webhookId)}`;
      status(await probe.get(`${path}/dead-letters`), 200);
      const most = deadLetter.maxPageSize + 1;
      status(await probe.get(`${path}/dead-letters?limit=${most}`), 200);
      const odd = await probe.get(`${path}/dead-letters?cursor=openwop`);
      refused(odd, 400, "validation_error");
      status(await probe.send("DELETE", path), 204);
      const gone = await probe.get(`${path}/dead-letters`);
      refused(gone, 404, "not_found");
      const tenant = webhookId.split("/")[0];
      const never = encodeURIComponent(`${tenant}/${"0".repeat(32)}`);
      const none = await probe.get(`/webhooks/${never}/dead-letters`);
      same([gone.status, gone.body], [none.status, none.body], "both refusals");
    },
    "every event that was asked for arrives, signed": async (probe) => {
      await probe.family("webhooks");
      const types = [
        "run.started",
        "node.started",
        "node.completed",
        "run.completed",
      ];
      await hooked(probe, types, { answer: () => 204 }, async (hook) => {
        const { came, run, secret } = hook;
        same(await probe.end(run.path), "completed", "status");
        const wanted = (await probe.log(run.path))
          .filter(({ type }) => types.includes(type));
        const has = (sequence: number) =>
          came.find(({ body }) => body.event.sequence === sequence);
        const isThere = await probe.until(
          () => wanted.every(({ sequence }) => has(sequence)),
          20_000,
        );
        holds(isThere, `${came.length} of ${wanted.length} events arrived`);
        for (const event of wanted) {
          const { body, headers, raw } = has(event.sequence)!;
          same(body.event, event, "event of a delivery, and of the log");
          same(headers.get("openwop-event-type"), event.type, "type header");
          same(headers.get("openwop-signature-algorithm"), "v1", "algorithm");
          const signed = `${headers.get("openwop-timestamp")}.${raw}`;
          same(
            headers.get("openwop-signature"),
            `sha256=${await hmac(secret, signed)}`,
            "signature",
          );
        }
      });
    },
    "an endpoint of the companion scheme is asked, and signed for so as well":
      async (probe) => {
        const { signatureAlgorithms } = await probe.family("webhooks");
        if (!signatureAlgorithms.includes(COMPANION)) {
          throw new NotChecked(
            "inapplicable",
            `${COMPANION} is not advertised`,
          );
        }
        await hooked(probe, ["run.completed"], {
          answer: () => 204,
          secret: `whsec_${btoa("openwop conformance, 32 bytes ok")}`,
          signatureAlgorithms: ["v1", COMPANION],
        }, async ({ came, secret }) => {
          await probe.until(() => came.length > 0, 20_000);
          holds(came[0], "nothing arrived");
          const { headers, raw } = came[0];
          const [id, at, all] = ["id", "timestamp", "signature"]
            .map((name) => headers.get(`webhook-${name}`) ?? "");
          const key = atob(secret.slice("whsec_".length));
          const bytes = Uint8Array.from(key, (one) => one.charCodeAt(0));
          const mac = toBase64(await sign(bytes, `${id}.${at}.${raw}`));
          oneOf(`v1,${mac}`, all!.split(" "), "webhook-signature");
          holds(headers.get("openwop-signature"), "no OpenWOP-Signature");
        });
        const odd = await probe.post("/webhooks", {
          url: "https://subscriber.invalid/hook",
          events: ["run.completed"],
          signatureAlgorithms: ["v1", COMPANION],
        });
        refused(odd, 400, "webhook_endpoint_unverified");
      },
    "a secret is rotated, and both count for a while": async (probe) => {
      const { secretRotation } = await probe.family("webhooks");
      if (secretRotation === undefined) {
        throw new NotChecked(
          "inapplicable",
          "secretRotation is not advertised",
        );
      }
      const { overlapSeconds } = secretRotation;
      holds(
        overlapSeconds >= 60 && overlapSeconds <= 604_800,
        `overlapSeconds: ${overlapSeconds}`,
      );
      const created = await probe.post("/webhooks", {
        url: "https://subscriber.invalid/hook",
        events: ["run.completed"],
        secret: "openwop-conformance-secret-0123456789",
      });
      status(created, 201);
      const path = `/webhooks/${encodeURIComponent(created.body.webhookId)}`;
      const secret = "openwop-conformance-secret-9876543210";
      const rotated = await probe.post(`${path}/rotate-secret`, { secret });
      status(rotated, 200);
      const [at, until] = [
        rotated.body.rotatedAt,
        rotated.body.previousSecretExpiresAt,
      ].map((time) => Date.parse(time));
      same(until! - at!, overlapSeconds * 1_000, "overlap in ms");
      holds(!rotated.text.includes(secret), "the answer shows the secret");
      status(await probe.send("DELETE", path), 204);
      const gone = await probe.post(`${path}/rotate-secret`, { secret });
      refused(gone, 404, "not_found");
    },
    "addresses of the network of the host are refused": async (probe) => {
      await probe.family("webhooks");
      for (const url of ["ftp://example.com/", "not an address"]) {
        const answer = await probe.post("/webhooks", {
          url,
          events: ["run.completed"],
        });
        status(answer, 400);
      }
    },
  },
};

interface Hook {
  readonly came: readonly Delivery[];
  readonly webhookId: string;
  readonly path: string;
  readonly secret: string;
  readonly run: { readonly runId: string; readonly path: string };
}

/** Registers a webhook, creates a run, and looks at what is delivered of it. */
async function hooked(
  probe: Probe,
  events: readonly string[],
  { answer, secret = "openwop-conformance-secret-0123456789", ...more }: {
    readonly answer: (count: number) => number;
    readonly secret?: string;
    readonly signatureAlgorithms?: readonly string[];
  },
  look: (hook: Hook) => Promise<void>,
): Promise<void> {
  await probe.needs("conformance-noop");
  const all: Delivery[] = [];
  const counts = new Map<string, number>();
  const receiver = await probe.receive(async (request) => {
    const raw = await request.text();
    const body = JSON.parse(raw);
    if (body.type === "openwop.webhook.verification") {
      return Response.json({ challenge: body.challenge });
    }
    const key = `${body.runId} ${body.event?.sequence}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const answered = answer(count);
    const { headers } = request;
    all.push({ at: probe.now(), answered, headers, body, raw });
    return new Response(null, { status: answered });
  });
  try {
    const created = await probe.post("/webhooks", {
      url: `${receiver.url}/${crypto.randomUUID()}`,
      events,
      secret,
      ...more,
    });
    if (created.body?.error === "webhook_url_rejected") {
      throw new NotChecked(
        "blocked",
        "the host delivers to no address that these checks can open",
      );
    }
    status(created, 201);
    const { webhookId } = created.body;
    holds(typeof webhookId === "string", "no webhookId");
    const path = `/webhooks/${encodeURIComponent(webhookId)}`;
    const run = await probe.start();
    await look({ came: all, webhookId, path, secret, run });
    status(await probe.send("DELETE", path), 204);
    const before = all.length;
    await probe.settled();
    await probe.wait(2_000);
    same(all.length, before, "deliveries to a webhook that is gone");
  } finally {
    await receiver.close();
  }
}

function windowOf(policy: Json): number {
  return policy?.maxElapsedMs ? policy.maxElapsedMs + 30_000 : WINDOW_MS;
}

async function hmac(secret: string, message: string): Promise<string> {
  return toHex(await sign(new TextEncoder().encode(secret), message));
}

async function sign(
  secret: Uint8Array<ArrayBuffer>,
  message: string,
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey(
    "raw",
    secret,
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const bytes = new TextEncoder().encode(message);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes));
}
