// Web standards only.
import type { Clock } from "../http/mod.ts";
import {
  contentHash,
  HEADERS,
  isIdempotencyKey,
} from "../openwop/protocol/mod.ts";
import type { JsonValue, Major } from "../openwop/protocol/mod.ts";
import type { Again } from "./again.ts";
import { mintOpaque } from "./ids.ts";
import type { IdSource } from "./ids.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./refusal.ts";
import type { Store } from "./store.ts";

/** What keys are claimed with. */
export interface KeyParts {
  /** Where they are kept. */
  readonly store: Store;
  /** Time. */
  readonly clock: Clock;
  /** Gives the id of what the request may create: it is kept with the claim, so that it is found again after a crash. */
  readonly ids: IdSource;
  /** Comes back to what the store could not do. */
  readonly again: Again;
  /** By scope: the claims that are being made and those that may be held here, as what the store holds for this host. */
  readonly claims: Claims;
}

/** Gives the digest of the request that has the claim; `undefined` for none here, `null` while that is not known. */
export type Claims = Map<string, Promise<string | null | undefined>>;

/** A request that carries a key. */
export interface KeyedCall {
  /** From the caller's identity, never from the request. */
  readonly tenant: string;
  /** Method and path. */
  readonly endpoint: string;
  /** As sent. */
  readonly key: string;
  /** Tells a repeat from another request under the same key. */
  readonly body: JsonValue | undefined;
}

/** What the holder of a claim knows about what the request does. */
export interface Claimed {
  /** Of the claim. */
  readonly scope: string;
  /** What an execution that was cut off did, by the id of what it did it to, and what it was to answer. */
  readonly effects?: Readonly<Record<string, JsonValue>>;
  /** The opaque part of its id. */
  readonly seed: string;
  /** Whether a process that died in between may have created it already. */
  readonly isAgain: boolean;
}

/** What an execution that was cut off was to answer to what it did to something; `undefined` where it did nothing. */
export function done(
  claimed: Claimed | undefined,
  id: string,
): JsonValue | undefined {
  const { effects } = claimed ?? {};
  return effects && Object.hasOwn(effects, id) ? effects[id] : undefined;
}

/** Version 1 has no grammar for keys; this one keeps them to one line. */
const V1_KEY = /^[\x21-\x7e]{1,255}$/;

/** Refusals that a repeat gets afresh: they say something about the caller or the request, not about an execution. */
const NEVER_KEPT: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * Reads the key of a mutation.
 *
 * @throws {Refusal} `400 idempotency_key_invalid`. Source: v2 §10.
 */
export function readKey(
  request: Request,
  major: Major = 2,
): string | undefined {
  const key = request.headers.get(HEADERS.idempotencyKey);
  if (key === null) return undefined;
  if (major === 1 ? V1_KEY.test(key) : isIdempotencyKey(key)) return key;
  throw new Refusal(
    400,
    "idempotency_key_invalid",
    "Cannot use the Idempotency-Key: 22 to 128 characters of A-Z a-z 0-9 . _ ~ - are wanted",
  );
}

/**
 * Executes a request at most once for its key: repeats get the answer of the first, and of several at once exactly one
 * executes. Source: v2 §10, layer 1.
 *
 * A store that fails may have made the claim, or given it back, without saying so. So nobody else here asks it about the
 * key before it has said that the claim is given back.
 *
 * @param execute Must not throw; refusals are replies here.
 */
export async function once(
  { store, clock, ids, again, claims }: KeyParts,
  call: KeyedCall,
  execute: (claimed: Claimed) => Promise<Reply>,
): Promise<Reply> {
  // None of the parts can hold a line break.
  const scope = `${call.tenant}\n${call.endpoint}\n${call.key}`;
  const digest = await contentHash([call.body ?? null]);
  for (let held = claims.get(scope); held; held = claims.get(scope)) {
    const first = await held;
    if (first === digest || first === null) throw inFlight();
    if (first !== undefined) throw mismatch();
  }
  let fresh: string | undefined;
  const seed = (): string => fresh = mintOpaque(ids);
  let end: "settled" | "released" | "open" = "open";
  try {
    const claim = store.claimKey({ scope, digest, seed, now: clock.now() });
    claims.set(
      scope,
      claim.then(({ state }) => state === "claimed" ? digest : undefined)
        .catch(() => null),
    );
    const known = await claim;
    if (known.state !== "claimed") {
      end = "settled";
      if (known.digest !== digest) throw mismatch();
      if (known.state === "in-flight") throw inFlight();
      const { reply } = known;
      const headers = { ...reply.headers, [HEADERS.idempotentReplay]: "true" };
      return { ...reply, headers };
    }
    const { seed: first, effects } = known;
    const reply = await execute({
      scope,
      seed: first,
      isAgain: first !== fresh,
      ...(effects && { effects }),
    });
    const { status, headers = {}, body } = reply;
    if (isKept(reply)) {
      await store.settleKey(scope, { status, headers, body });
      end = "settled";
    } else if (status < 500) {
      end = "released";
    }
    return reply;
  } finally {
    // A failure may come after the effect, which a repeat must not have twice.
    if (end === "settled") claims.delete(scope);
    else {
      await again.soon(async () => {
        await store.releaseKey(scope, end === "open");
        claims.delete(scope);
      });
    }
  }
}

function isKept({ status, headers }: Reply): boolean {
  // Every 400 here is a fault of the request's form, and what says when to come back is not the last word.
  return status < 500 && status !== 400 && !NEVER_KEPT.has(status) &&
    headers?.["retry-after"] === undefined;
}

function mismatch(): Refusal {
  return new Refusal(
    409,
    "idempotency_key_mismatch",
    "Cannot use the Idempotency-Key: another request was made with it",
  );
}

function inFlight(): Refusal {
  return new Refusal(
    409,
    "idempotency_in_flight",
    "Cannot answer yet: the first request with this Idempotency-Key is still being executed",
    undefined,
    { "retry-after": "1" },
  );
}
