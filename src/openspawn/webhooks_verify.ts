// Web standards only.
import {
  bodyLimit,
  createHeaderSignature,
  parseSecret,
  readDeliveryBytes,
  readJsonObject,
  systemClock,
  WebhookError,
} from "../http/mod.ts";
import type { BodyLimit, JsonObject, SignatureOptions } from "../http/mod.ts";
import { DELIVERY_FAMILIES } from "./protocol/mod.ts";
import type { Delivery } from "./protocol/mod.ts";

/** How deliveries are verified and read. */
export interface WebhookOptions extends SignatureOptions, BodyLimit {}

/**
 * Verifies a webhook delivery and reads it. Takes the headers of both generations, `X-OpenSpawn-*` and
 * `X-BikiniBottom-*`; the newer ones count where both are there.
 *
 * The signature is over the bytes of the body, so hand the request on before anything reads it. It has no timestamp of
 * its own; the one in the body must lie within the window, 300 seconds both ways by default. Within it a copy of a
 * delivery passes again: remember `deliveryId`, though it is not signed, or the id of the event.
 *
 * @param request As it arrived, its body unread.
 * @param secrets Of the subscription, as it was given to the server; while they rotate, all that are valid.
 * @param options Window, clock, size.
 * @throws {SignatureError} `signature-invalid`; its `check` and `header` say what was wrong. Answer 401.
 * @throws {WebhookError} `webhook-invalid`; its `problem` says what was wrong. Answer 413 or 400.
 * @throws {InvalidArgumentError} `invalid-argument`: the body was read before, or the secret, the window or the size
 * cannot be right. The secret is not in the message.
 *
 * @example
 * ```ts
 * import { answerHook, verifyWebhook } from "@tutti/sdk/openspawn";
 * import assert from "node:assert/strict";
 *
 * const request = new Request("https://receiver.example.com/hook", {
 *   method: "POST",
 *   headers: {
 *     "x-openspawn-signature":
 *       "sha256=d71827a420bb55ec295a7bddcd78ee8f93d56eff0572405c86f4632b46f8aa0c",
 *   },
 *   body: '{"event":"test","timestamp":"2026-01-02T03:04:05.678Z","data":{"message":"hello ✓"}}',
 * });
 * const delivery = await verifyWebhook(request, "whsec_example", {
 *   clock: { now: () => Date.parse("2026-01-02T03:04:06Z") },
 * });
 * assert.equal(delivery.kind, "test");
 * assert.deepEqual(await answerHook(false, "not today").json(), {
 *   allow: false,
 *   reason: "not today",
 * });
 * ```
 */
export async function verifyWebhook(
  request: Request,
  secrets: string | readonly string[],
  options: WebhookOptions = {},
): Promise<Delivery> {
  const { toleranceMs = 300_000 } = options;
  const limit = bodyLimit(options);
  const { headers } = request;
  const start =
    DELIVERY_FAMILIES.find((family) => headers.has(`${family}signature`)) ??
      DELIVERY_FAMILIES[1];
  const signature = createHeaderSignature(
    [secrets].flat().map((text) => parseSecret({ text })),
    { signatureHeader: `${start}signature` },
    options,
  );
  const bytes = await readDeliveryBytes(request, limit);
  await signature.verify(headers, bytes);
  const { event, timestamp, data } = readJsonObject(bytes) ?? {};
  if (typeof event !== "string" || typeof timestamp !== "string") {
    fail("an object with event and timestamp is wanted");
  }
  const ageMs = (options.clock ?? systemClock).now() -
    Date.parse(timestamp as string);
  if (!(Math.abs(ageMs) <= toleranceMs)) {
    fail("it was sent at another time");
  }
  const isHook = headers.get(`${start}hook-type`) === "pre" ||
    (data as JsonObject | undefined)?.hookType === "pre";
  return {
    kind: event === "test" ? "test" : isHook ? "hook" : "event",
    event,
    timestamp,
    data: data ?? {},
    deliveryId: headers.get(`${start}delivery`) ?? undefined,
  } as Delivery;
}

/**
 * Answers a delivery of kind `hook`: lets it happen or not. Only a subscription with `canBlock` can stop anything.
 *
 * @param allow Whether it may happen.
 * @param reason Why not; whoever wanted it is told.
 */
export function answerHook(allow: boolean, reason?: string): Response {
  return Response.json({ allow, reason });
}

function fail(detail: string): never {
  throw new WebhookError("malformed", detail);
}
