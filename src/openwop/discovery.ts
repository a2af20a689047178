// Web standards only.
import { DecodeError } from "../http/mod.ts";
import type { CallOptions, JsonObject } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { createMethods } from "./invoke.ts";
import { offers } from "./offers.ts";

/**
 * What a host says about itself. A version 2 host has one record for each capability it offers, and nothing for those
 * it does not; a version 1 host says more, in more places: ask {@linkcode DiscoveryResource.has}. Source: v2 §3, v1 §4.
 */
export interface DiscoveryDocument extends JsonObject {
  /** Every contract served, `<major>.<minor>`; a host of version 1 alone may leave it out. */
  readonly protocolVersions: readonly string[];
  /** The one that a request without a version header gets; a host of version 1 alone may leave it out. */
  readonly preferredVersion: string;
}

/** What a host offers. */
export interface DiscoveryResource {
  /**
   * Gets the discovery document; by its ETag where it has been read before. Retried; sent without the API key. What it
   * says is kept for as long as the host allows, five minutes where it does not say, for `has()` and for every call that
   * wants a capability. Source: v2 §3.
   *
   * @param options Options of the call.
   * @throws {OpenwopError} 406 when the host speaks no major that the client does, 426 when it wants a newer client.
   * @throws {ProtocolMismatchError} `protocol-mismatch`, when something else answers at the base URL.
   * @throws {DecodeError} `decode`, when it names no version.
   */
  get(options?: CallOptions): Promise<DiscoveryDocument>;

  /**
   * Whether the host advertises a capability. Asks the host only where nothing that it said is still kept.
   *
   * Version 2: the record and the facet are there. Version 1: `supported`, or the flag itself, says so. A host may do
   * more than it advertises: no does not mean that every call fails. Source: v2 §16, v1 §4.2.
   *
   * @param capability A family, or a facet of one: `replay`, `webhooks.deadLetter`.
   * @param options When to give up.
   * @throws as `get()` does.
   */
  has(capability: string, options?: CallOptions): Promise<boolean>;

  /**
   * Gets the OpenAPI document of the host, which may be a stub. Retried; sent without the API key. Source: v2 §6.2 row 2.
   *
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`, when the host has none.
   */
  openapi(options?: CallOptions): Promise<JsonObject>;
}

/** Makes the resource. Sends nothing. */
export function createDiscovery(api: OpenwopApi): DiscoveryResource {
  return createMethods<DiscoveryResource>(api, "discovery", {
    async get(options) {
      const { document } = await api.refresh(options);
      if (
        typeof document.protocolVersion !== "string" &&
        !(Array.isArray(document.protocolVersions) &&
          typeof document.preferredVersion === "string")
      ) {
        throw new DecodeError(
          "GET /.well-known/openwop",
          "it names no protocol version",
        );
      }
      return document as DiscoveryDocument;
    },
    async has(capability, options) {
      const { document, codec } = await api.discover(options);
      return offers(document, capability, codec.major) === true;
    },
  });
}
