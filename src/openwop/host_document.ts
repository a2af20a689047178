// Web standards only.
import {
  DecodeError,
  HttpError,
  isJsonObject,
  TuttiError,
  within,
} from "../http/mod.ts";
import type {
  CallOptions,
  JsonObject,
  Transport,
  WithinOptions,
} from "../http/mod.ts";
import { ProtocolMismatchError } from "./protocol_mismatch_error.ts";
import { HEADERS } from "./protocol/mod.ts";
import type { Codec, WireOperation } from "./protocol/mod.ts";

/** What a host has said about itself, and what follows from it. */
export interface Discovered {
  /** The highest major that both sides speak. */
  readonly codec: Codec;
  /** The discovery document, as it came. */
  readonly document: JsonObject;
}

/** How a client that speaks several majors takes one. */
export interface MajorChoice {
  /**
   * The major to speak with the host that gave this document; `undefined` when it is no OpenWOP host.
   *
   * @throws {ProtocolMismatchError} `protocol-mismatch`, when the host speaks none of ours.
   */
  pick(document: JsonObject, version: string | null): Codec | undefined;
  /** The major to ask in, after the first one was refused. */
  instead(error: unknown): Codec | undefined;
}

/** What was said, and how long it holds. */
interface Found extends Discovered {
  readonly etag: string | undefined;
  readonly until: number;
  /** How long the major holds: longer than a document that may hardly be kept. */
  readonly majorUntil: number;
}

/** A question under way, and how many wait for its answer. */
interface Asking {
  readonly found: Promise<Found>;
  readonly abort: AbortController;
  waiting: number;
}

/** The request that asks. */
export const DISCOVERY = "GET /.well-known/openwop";

/** How long a document holds where the host does not say, and a major at least. Source: v1 §4.3. */
const MAX_AGE_MS = 300_000;

/**
 * Keeps what the host says about itself, once for all calls of a client: the first calls wait for the same request. The
 * document is asked for anew, by its ETag, when it is old. Source: v2 §2.5.
 */
export class HostDocument {
  readonly #transport: Transport;
  readonly #codec: Codec;
  readonly #choice: MajorChoice | undefined;
  #found: Found | undefined;
  #asking: Asking | undefined;

  /**
   * @param transport The way to the host.
   * @param codec The major to ask in.
   * @param choice How to take another; without it that is the one to speak.
   */
  constructor(transport: Transport, codec: Codec, choice?: MajorChoice) {
    this.#transport = transport;
    this.#codec = codec;
    this.#choice = choice;
  }

  /** What is known and still holds. */
  get known(): Discovered | undefined {
    const found = this.#found;
    return found && this.#transport.clock.now() < found.until
      ? found
      : undefined;
  }

  /** The major; asks the host where that is not known. */
  async settle(options: WithinOptions): Promise<Discovered> {
    const found = this.#found;
    return found && this.#transport.clock.now() < found.majorUntil
      ? found
      : await this.discover(options);
  }

  /** What the host says; asks where that is not known. */
  async discover(options: WithinOptions): Promise<Discovered> {
    const { clock } = this.#transport;
    const { known } = this;
    if (known) return known;
    const asking = this.#asking ??= this.#ask();
    asking.waiting++;
    try {
      return await within(clock, DISCOVERY, options, () => asking.found);
    } finally {
      // Nobody is left to hear the answer.
      if (--asking.waiting === 0) {
        this.#done(asking);
        asking.abort.abort();
      }
    }
  }

  /** Asks the host now, and keeps what it says. */
  async refresh(options: CallOptions): Promise<Discovered> {
    return this.#found = await this.#get(options, true);
  }

  /** Drops what an answer contradicts; what was said since then stays. */
  forget(stale: Discovered): void {
    if (this.#found === stale) this.#found = undefined;
  }

  #ask(): Asking {
    const abort = new AbortController();
    const { signal } = abort;
    const retry = this.#found ? false : undefined;
    const found = this.#get({ signal, retry }).then((found) => {
      if (!signal.aborted) this.#found = found;
      return found;
    }).finally(() => this.#done(asking));
    const asking: Asking = { found, abort, waiting: 0 };
    // Those who wait may all have left before they could hear of a failure.
    found.catch(() => {});
    return asking;
  }

  #done(asking: Asking): void {
    if (this.#asking === asking) this.#asking = undefined;
  }

  async #get(options: CallOptions, isWanted?: boolean): Promise<Found> {
    const old = this.#found;
    try {
      return await this.#send(this.#codec, old, options);
    } catch (error) {
      // A host that is down for a while has not changed its mind.
      if (old && !isWanted && TuttiError.is(error) && error.retryable) {
        const until = this.#transport.clock.now() + MAX_AGE_MS;
        return { ...old, until, majorUntil: until };
      }
      const second = this.#choice?.instead(error);
      if (second) return await this.#send(second, undefined, options);
      const notFound = HttpError.is(error) && error.status === 404;
      throw notFound || DecodeError.is(error) ? this.#noHost(error) : error;
    }
  }

  async #send(
    asker: Codec,
    old: Found | undefined,
    options: CallOptions,
  ): Promise<Found> {
    const { clock } = this.#transport;
    const choice = this.#choice;
    const operation: WireOperation<Found, "safe"> = {
      ...asker.write({
        method: "GET",
        path: "/.well-known/openwop",
        headers: { "if-none-match": old?.etag },
        contract: "safe",
        auth: false,
        allow: old?.etag ? [304] : [],
        decode: (body, { status, headers }) => {
          const maxAge = /\bmax-age=(\d{1,9})\b/
            .exec(headers.get("cache-control") ?? "")?.[1];
          const now = clock.now();
          const ms = maxAge === undefined ? MAX_AGE_MS : Number(maxAge) * 1_000;
          const times = {
            until: now + ms,
            majorUntil: now + Math.max(ms, MAX_AGE_MS),
          };
          if (old && status === 304) return { ...old, ...times };
          const etag = headers.get("etag") ?? undefined;
          const codec = isJsonObject(body) &&
            (choice ? choice.pick(body, headers.get(HEADERS.version)) : asker);
          if (!codec) throw this.#noHost();
          return { codec, document: body as JsonObject, etag, ...times };
        },
      }),
      // What answers is to be found out.
      ...(choice && { codec: { ...asker, matches: () => true } }),
    };
    return (await this.#transport.call(operation, options)).data;
  }

  #noHost(cause?: unknown): ProtocolMismatchError {
    return new ProtocolMismatchError(
      DISCOVERY,
      `no OpenWOP host answers at ${this.#transport.baseUrl}`,
      undefined,
      cause,
    );
  }
}
