// Web standards only.
import {
  type Clock,
  parseBase64,
  refuse,
  signHmac,
  toBase64Url,
  verifyHmac,
} from "../http/mod.ts";
import { checkKind } from "./check_options.ts";
import { isJsonObject } from "../openwop/protocol/mod.ts";
import type { JsonValue } from "../openwop/protocol/mod.ts";
import type { PendingInterrupt } from "../engine/mod.ts";
import type { Principal } from "./principal.ts";
import { Refusal } from "./refusal.ts";

/** A key that the tokens of questions are signed with. */
export interface InterruptKey {
  /** Tells it from the others: 1 to 64 characters of `A-Z a-z 0-9 _ -`. It is part of each token. */
  readonly id: string;
  /** The secret, at least 32 characters. */
  readonly secret: string;
}

/** What a token says: whose answer to which question it lets in. */
export interface TokenClaim {
  /** The run. */
  readonly runId: string;
  /** The node that asks. */
  readonly nodeId: string;
  /** The question. */
  readonly interruptId: string;
  /** Who was given the token, and answers with it. */
  readonly subjectId: string;
  /** Groups that it belonged to. */
  readonly groups?: readonly string[];
  /** Roles that it had. */
  readonly roles?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Tokens of one question and one caller are the same for so long, so that a snapshot stays the same too. */
const STEP_MS = 15 * 60_000;

/** The tokens by which questions are answered without a credential. Source: v2 §9.3. */
export class Tokens {
  #known: ReadonlyMap<string, Uint8Array> | undefined;
  readonly #kid: string;
  readonly #clock: Clock;

  /**
   * @param keys The first one signs, all of them are believed. Without any, one is made up, which ends with the host.
   * @param clock For their expiry.
   * @throws {InvalidArgumentError} `invalid-argument` for a key that cannot be.
   */
  constructor(keys: readonly InterruptKey[] | undefined, clock: Clock) {
    if (keys?.length === 0) {
      refuse(
        "options.interruptKeys",
        "at least one key is wanted",
      );
    }
    const known = keys && new Map(keys.map(checked));
    if (known && known.size < keys.length) {
      refuse(
        "options.interruptKeys",
        "each id once is wanted",
      );
    }
    this.#known = known;
    this.#kid = keys?.[0]?.id ?? "host";
    this.#clock = clock;
  }

  /** One is made up when it is asked for: some runtimes have no randomness while a program is loaded. */
  get #keys(): ReadonlyMap<string, Uint8Array> {
    return this.#known ??= new Map([
      [this.#kid, crypto.getRandomValues(new Uint8Array(32))],
    ]);
  }

  /**
   * A token for the question that is good for 15 to 30 minutes, or until the question runs out.
   *
   * @returns `undefined` when it has run out.
   */
  async issue(
    runId: string,
    nodeId: string,
    { interruptId, payload, requestedAt }: PendingInterrupt,
    { subject: { subjectId }, groups, roles }: Principal,
  ): Promise<string | undefined> {
    const now = this.#clock.now();
    const { timeoutMs = Infinity } = payload;
    const expiresAt = Math.min(
      (Math.floor(now / STEP_MS) + 2) * STEP_MS,
      Date.parse(requestedAt) + timeoutMs,
    );
    if (expiresAt <= now) return undefined;
    const whose = { subjectId, groups, roles };
    const claim = { runId, nodeId, interruptId, ...whose, expiresAt };
    const text = toBase64Url(new TextEncoder().encode(JSON.stringify(claim)));
    const signed = `ow2.hs256.${this.#kid}.${text}`;
    const mac = await signHmac(this.#keys.get(this.#kid)!, signed);
    return `${signed}.${toBase64Url(mac)}`;
  }

  /**
   * Reads a token. Nothing in it is looked at before its signature is found right, in constant time.
   *
   * @throws {Refusal} `401 interrupt_token_invalid`, `410 interrupt_expired`. Source: v2 §9.4.
   */
  async read(token: string): Promise<TokenClaim> {
    const [, signed = "", kid = "", text = "", mac = ""] =
      /^(ow2\.hs256\.([\w-]{1,64})\.([\w-]{1,4096}))\.([\w-]{43})$/
        .exec(token) ?? [];
    const key = this.#keys.get(kid);
    if (!key || !await verifyHmac(key, signed, parseBase64(mac))) {
      throw new Refusal(
        401,
        "interrupt_token_invalid",
        "Cannot use the token: this host has not issued it",
      );
    }
    const claim = JSON.parse(new TextDecoder().decode(parseBase64(text))) as
      & JsonValue
      & TokenClaim;
    // It is our own; this tells a key that is used for something else as well.
    if (!isJsonObject(claim) || !(claim.expiresAt > this.#clock.now())) {
      throw new Refusal(
        410,
        "interrupt_expired",
        "Cannot use the token: it has expired",
      );
    }
    return claim;
  }
}

function checked(
  key: InterruptKey,
  index: number,
): [string, Uint8Array] {
  const at = `options.interruptKeys[${index}]`;
  checkKind(at, key, "object");
  const { id, secret } = key;
  if (typeof id !== "string" || !/^[\w-]{1,64}$/.test(id)) {
    refuse(
      `${at}.id`,
      "1 to 64 characters of A-Z a-z 0-9 _ - are wanted",
    );
  }
  if (typeof secret !== "string" || secret.length < 32) {
    refuse(
      `${at}.secret`,
      "at least 32 characters are wanted",
    );
  }
  return [id, new TextEncoder().encode(secret)];
}
