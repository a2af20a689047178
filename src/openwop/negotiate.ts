// Web standards only.
import { HttpError, isJsonObject } from "../http/mod.ts";
import type { CallOptions, JsonValue, RetryContract } from "../http/mod.ts";
import { DISCOVERY } from "./host_document.ts";
import type { Discovered, MajorChoice } from "./host_document.ts";
import { OpenwopError } from "./openwop_error.ts";
import { ProtocolMismatchError } from "./protocol_mismatch_error.ts";
import { HEADERS } from "./protocol/mod.ts";
import type { Codec } from "./protocol/mod.ts";
import { remaining } from "./remaining.ts";

/** Runs `work` with the major of the host. */
export type Speak = <T>(
  contract: RetryContract,
  options: CallOptions,
  work: (codec: Codec, options: CallOptions) => Promise<T>,
) => Promise<T>;

/** What a {@linkcode Negotiation} speaks with. */
export interface Speaker {
  /** What time it is, in milliseconds. */
  now(): number;
  /** The budget of a call that names none. */
  readonly timeoutMs: number;
  /** The major of the host; asks where that is not known. */
  settle(options: CallOptions): Promise<Discovered>;
  /** Drops what an answer contradicts. */
  forget(stale: Discovered): void;
}

/** How a client that speaks several majors finds the one of its host, and notices when it is another by now. */
export interface Negotiation extends MajorChoice {
  /** Makes calls in it. */
  speaking(speaker: Speaker): Speak;
}

/**
 * Chooses among several majors: the highest that both sides speak. A decision is dropped when an answer contradicts it.
 * Source: v2 §2.5.
 *
 * @param codecs What this client speaks, the best first.
 */
export function negotiate(codecs: readonly Codec[]): Negotiation {
  /** The best of ours that the host lists. */
  const best = (versions: JsonValue | undefined): Codec | undefined => {
    const listed = Array.isArray(versions) ? versions : [];
    return codecs.find((codec) =>
      listed.some((one) => typeof one === "string" && codec.matches(one))
    );
  };
  return {
    pick(document, version) {
      const { protocolVersion, protocolVersions, preferredVersion } = document;
      const isV2 = Array.isArray(protocolVersions) &&
        typeof preferredVersion === "string" &&
        // A page of another origin may not see the header; only version 1 needs the scalar.
        (version?.startsWith("2") ?? protocolVersion === undefined);
      if (!isV2 && typeof protocolVersion !== "string") return undefined;
      // A host that did not take the header of version 2 speaks version 1, whatever it lists.
      const offered: readonly JsonValue[] = isV2
        ? protocolVersions
        : [protocolVersion!];
      const codec = best(offered);
      if (codec) return codec;
      throw new ProtocolMismatchError(
        DISCOVERY,
        `the host speaks OpenWOP ${offered.join(", ")}, this client ${
          codecs.map(({ major }) => major).join(" and ")
        }`,
        version ?? undefined,
      );
    },
    instead(error) {
      if (!OpenwopError.is(error) || error.status !== 406) return undefined;
      const details = isJsonObject(error.details) ? error.details : {};
      const second = best(details.protocolVersions);
      return second === codecs[0] ? undefined : second;
    },
    speaking: (speaker) => async (contract, options, work) => {
      const { timeoutMs = speaker.timeoutMs } = options;
      const rest = remaining(speaker, options, timeoutMs);
      for (let isLast = false;; isLast = true) {
        const found = await speaker.settle(rest());
        try {
          return await work(found.codec, rest());
        } catch (error) {
          if (!contradicts(error, found.codec)) throw error;
          speaker.forget(found);
          // Only a refusal says for sure that nothing was done.
          const isSafe = contract === "safe" ||
            (HttpError.is(error) && error.status < 500);
          if (isLast || !isSafe) throw error;
        }
      }
    },
  };
}

/**
 * Whether an answer says that the host no longer speaks the major of `codec`: a refusal of the version, or a version
 * header of another major. Source: v2 §2.5 rule 4.
 */
function contradicts(error: unknown, codec: Codec): boolean {
  if (ProtocolMismatchError.is(error)) {
    return error.receivedVersion !== undefined;
  }
  if (!OpenwopError.is(error)) return false;
  return error.status === 406 ||
    error.platformCode === "protocol_version_mismatch" ||
    (error.headers.has(HEADERS.version) &&
      !codec.matches(error.headers.get(HEADERS.version)));
}
