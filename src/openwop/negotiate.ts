// Web standards only.
import { DecodeError, HttpError, TuttiError, within } from "../http/mod.ts";
import type {
  Answer,
  CallOptions,
  JsonObject,
  JsonValue,
  Transport,
  WithinOptions,
} from "../http/mod.ts";
import { OpenwopError, ProtocolMismatchError } from "./openwop_error.ts";
import { HEADERS, isJsonObject } from "./protocol/mod.ts";
import type { Codec, WireOperation } from "./protocol/mod.ts";

/** What a host has said about itself, and what follows from it. */
export interface Discovered {
  /** The highest major that both sides speak. */
  readonly codec: Codec;
  /** The discovery document, as it came. */
  readonly document: JsonObject;
}

/** A decision, and how long it holds. */
interface Found extends Discovered {
  readonly etag: string | undefined;
  readonly until: number;
}

/** A negotiation under way, and how many wait for it. */
interface Asking {
  readonly found: Promise<Found>;
  readonly abort: AbortController;
  waiting: number;
}

const ACTION = "GET /.well-known/openwop";

/** How long a decision holds where the host does not say. Source: v1 §4.3. */
const MAX_AGE_MS = 300_000;

/**
 * Finds the major to speak, once for all calls of a client: the first calls wait for the same discovery request. A
 * decision is asked for anew, by its ETag, when it is old, and dropped when an answer contradicts it. Source: v2 §2.5.
 */
export class Negotiation {
  readonly #transport: Transport;
  readonly #codecs: readonly Codec[];
  #found: Found | undefined;
  #asking: Asking | undefined;

  /**
   * @param transport The way to the host.
   * @param codecs What this client speaks, the best first. Where it is only one, nothing is chosen.
   */
  constructor(transport: Transport, codecs: readonly Codec[]) {
    this.#transport = transport;
    this.#codecs = codecs;
  }

  /** What is known and still holds. */
  get known(): Discovered | undefined {
    const found = this.#found;
    return found && this.#transport.clock.now() < found.until
      ? found
      : undefined;
  }

  /** The discovery document and the major; asks the host where that is not known. */
  async discover(options: WithinOptions): Promise<Discovered> {
    const { clock } = this.#transport;
    const { known } = this;
    if (known) return known;
    const asking = this.#asking ??= this.#ask();
    asking.waiting++;
    try {
      return await within(clock, ACTION, options, () => asking.found);
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
    return this.#found = await this.#choose(options, true);
  }

  /** Drops a decision that an answer contradicts; one that was made since then stays. */
  forget(stale: Discovered): void {
    if (this.#found === stale) this.#found = undefined;
  }

  #ask(): Asking {
    const abort = new AbortController();
    const { signal } = abort;
    const retry = this.#found ? false : undefined;
    const found = this.#choose({ signal, retry }).then((found) => {
      if (!abort.signal.aborted) this.#found = found;
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

  async #choose(options: CallOptions, isWanted?: boolean): Promise<Found> {
    const old = this.#found;
    const first = this.#codecs[0]!;
    try {
      return await this.#get(first, old, options);
    } catch (error) {
      // A host that is down for a while has not changed its mind.
      if (old && !isWanted && TuttiError.is(error) && error.retryable) {
        return { ...old, until: this.#transport.clock.now() + MAX_AGE_MS };
      }
      if (OpenwopError.is(error) && error.status === 406) {
        const details = isJsonObject(error.details) ? error.details : {};
        const second = this.#best(details.protocolVersions);
        if (second && second !== first) {
          return await this.#get(second, undefined, options);
        }
      }
      const notFound = HttpError.is(error) && error.status === 404;
      throw notFound || DecodeError.is(error) ? this.#noHost(error) : error;
    }
  }

  async #get(
    asker: Codec,
    old: Found | undefined,
    options: CallOptions,
  ): Promise<Found> {
    const { clock } = this.#transport;
    const chooses = this.#codecs.length > 1;
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
          const until = clock.now() +
            (maxAge === undefined ? MAX_AGE_MS : Number(maxAge) * 1_000);
          if (old && status === 304) return { ...old, until };
          const etag = headers.get("etag") ?? undefined;
          return { ...this.#read(asker, body, headers), etag, until };
        },
      }),
      // What answers is to be found out.
      ...(chooses ? { codec: { ...asker, matches: () => true } } : {}),
    };
    return (await this.#transport.call(operation, options)).data;
  }

  #read(
    asker: Codec,
    body: JsonValue | undefined,
    headers: Answer["headers"],
  ): Discovered {
    if (!isJsonObject(body)) throw this.#noHost();
    if (this.#codecs.length === 1) return { codec: asker, document: body };
    const version = headers.get(HEADERS.version);
    const { protocolVersion, protocolVersions } = body;
    const isV2 = Array.isArray(protocolVersions) &&
      typeof body.preferredVersion === "string" &&
      // A page of another origin may not see the header; only version 1 needs the scalar.
      (version?.startsWith("2") ?? protocolVersion === undefined);
    if (!isV2 && typeof protocolVersion !== "string") throw this.#noHost();
    // A host that did not take the header of version 2 speaks version 1, whatever it lists.
    const offered = isV2 ? protocolVersions : [protocolVersion as string];
    const codec = this.#best(offered as readonly JsonValue[]);
    if (codec) return { codec, document: body };
    throw new ProtocolMismatchError(
      ACTION,
      `the host speaks OpenWOP ${offered.join(", ")}, this client ${
        this.#codecs.map(({ major }) => major).join(" and ")
      }`,
      version ?? undefined,
    );
  }

  /** The best of ours that the host lists. */
  #best(versions: JsonValue | undefined): Codec | undefined {
    const listed = Array.isArray(versions) ? versions : [];
    return this.#codecs.find((codec) =>
      listed.some((one) => typeof one === "string" && codec.matches(one))
    );
  }

  #noHost(cause?: unknown): ProtocolMismatchError {
    return new ProtocolMismatchError(
      ACTION,
      `no OpenWOP host answers at ${this.#transport.baseUrl}`,
      undefined,
      cause,
    );
  }
}

/**
 * Whether an answer says that the host no longer speaks the major of `codec`: a refusal of the version, or a version
 * header of another major. Source: v2 §2.5 rule 4.
 */
export function contradicts(error: unknown, codec: Codec): boolean {
  if (ProtocolMismatchError.is(error)) {
    return error.receivedVersion !== undefined;
  }
  if (!OpenwopError.is(error)) return false;
  return error.status === 406 ||
    error.platformCode === "protocol_version_mismatch" ||
    (error.headers.has(HEADERS.version) &&
      !codec.matches(error.headers.get(HEADERS.version)));
}
