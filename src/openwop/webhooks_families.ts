// Web standards only.
import { SignatureError } from "../http/mod.ts";

/**
 * How a host spells the headers of a delivery: `v2` (`OpenWOP-*`), `v1` (`X-openwop-*`), `standard-webhooks` (the
 * companion scheme, `webhook-*`). The rest left the text or was never in it, and is read only where it is asked for:
 * `sdk-1.8` (`openwop-Webhook-*`, before 1.9 of the official SDK), `reference-hosts` (the SQLite, PostgreSQL and Python
 * hosts) and `reference-app` (time and signature in one header).
 *
 * Source: v2 §11.2, v1 §16.3.
 */
export type WebhookFamily =
  | "v2"
  | "v1"
  | "standard-webhooks"
  | "sdk-1.8"
  | "reference-hosts"
  | "reference-app";

/** The header names of one family, lower case; `undefined` where it has none. */
export interface FamilyHeaders {
  readonly signature: string;
  readonly timestamp?: string;
  readonly algorithm?: string;
  readonly id?: string;
  readonly type?: string;
  /** What stands before the hex digits. */
  readonly prefix?: string;
}

const current = (start: string): Required<FamilyHeaders> => ({
  signature: `${start}signature`,
  timestamp: `${start}timestamp`,
  algorithm: `${start}signature-algorithm`,
  id: `${start}webhook-id`,
  type: `${start}event-type`,
  prefix: "sha256=",
});

/** The one header of the reference app, `t=<unix>,v1=<hex>`; without regard to case it is that of version 2. */
export const combined: RegExp = /^t=(\d{1,12}),v1=([\da-f]+)$/i;

/** The headers of each family. */
export const familyHeaders: Readonly<Record<WebhookFamily, FamilyHeaders>> = {
  "v2": current("openwop-"),
  "v1": current("x-openwop-"),
  "standard-webhooks": {
    signature: "webhook-signature",
    timestamp: "webhook-timestamp",
    // Its own `webhook-id` names the message; the subscription is where version 2 has it.
    id: "openwop-webhook-id",
    type: "openwop-event-type",
  },
  "sdk-1.8": {
    signature: "openwop-webhook-signature",
    timestamp: "openwop-webhook-timestamp",
    prefix: "v1=",
  },
  "reference-hosts": {
    ...current("x-openwop-"),
    timestamp: "x-openwop-signature-timestamp",
    id: "x-openwop-subscription-id",
    prefix: "",
  },
  "reference-app": {
    signature: "openwop-signature",
    id: "openwop-subscription-id",
    type: "openwop-event-type",
  },
};

const standing: readonly WebhookFamily[] = ["v2", "v1", "standard-webhooks"];
const older: readonly WebhookFamily[] = [
  "sdk-1.8",
  "reference-hosts",
  "reference-app",
];

/** Whether any family, also one that nobody asked for, has a signature in these headers. */
export function isSigned(headers: Headers): boolean {
  return Object.values(familyHeaders).some(({ signature }) =>
    headers.has(signature)
  );
}

/**
 * The first family whose signature and timestamp are both there. Source: v1 §16.4 rule 2.
 *
 * @throws {SignatureError} `signature-invalid`, `missing`: there is none; it names what is missing from the first family
 * of which there is a part.
 */
export function pickFamily(headers: Headers, legacy: boolean): WebhookFamily {
  const has = (family: WebhookFamily): boolean => {
    const { signature, timestamp } = familyHeaders[family];
    return headers.has(signature) &&
      (timestamp !== undefined
        ? headers.has(timestamp)
        : headers.get(signature)!.startsWith("t="));
  };
  const families = legacy ? [...standing, ...older] : standing;
  const family = families.find(has);
  if (family) return family;
  const { signature, timestamp } = familyHeaders[
    families.find((name) => {
      const { signature, timestamp } = familyHeaders[name];
      return headers.has(signature) || headers.has(timestamp ?? signature);
    }) ?? "v2"
  ];
  throw new SignatureError(
    "missing",
    headers.has(signature) && timestamp ? timestamp : signature,
    older.some(has)
      ? {
        hint:
          'the host uses an older spelling of the headers: pass "legacy: true" to accept it',
      }
      : {},
  );
}
