import requests from "../vectors/openspawn_hmac.json" with { type: "json" };
import webhooks from "../vectors/openwop_webhook.json" with { type: "json" };

/** A signed request, and signatures that a client may not send for it. */
export interface RequestVector {
  readonly name: string;
  readonly secretHex: string;
  readonly canonicalString: string;
  readonly signature: string;
  readonly rejectedVariants: Readonly<Record<string, string>>;
}

/** A delivery that is signed over its body alone. */
export interface BodyVector {
  readonly name: string;
  readonly secretText: string;
  readonly body: string;
  readonly headerValue: string;
}

/** A delivery with a timestamp, and whether it is to be believed. */
export interface DeliveryVector {
  readonly name: string;
  readonly secret: string;
  readonly timestamp: number;
  readonly bodyUtf8: string;
  readonly expectedSignatureHex: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly verifyAtUnixSeconds: number;
  readonly freshnessWindowSeconds: number;
  readonly expect: string;
  readonly reason?: string;
}

export const requestVectors: readonly RequestVector[] = requests
  .requestVectors as unknown as readonly RequestVector[];

export const bodyVectors: readonly BodyVector[] = requests.webhookVectors;

export const deliveryVectors: readonly DeliveryVector[] = webhooks
  .vectors as unknown as readonly DeliveryVector[];

/** Deliveries as reference hosts were seen to sign them, which the text does not know; all are valid. */
export const observedVectors: readonly Pick<
  DeliveryVector,
  "name" | "secret" | "timestamp" | "bodyUtf8" | "headers"
>[] = webhooks
  .nonConformingVariantsSeenInReferenceHosts as unknown as readonly DeliveryVector[];

/** Pairs of a signature and a timestamp header, the preferred one first. */
export const headerFamilies: readonly (readonly string[])[] =
  webhooks.headerFamiliesInPreferenceOrder;
