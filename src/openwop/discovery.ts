// Web standards only.
import type { CallOptions, JsonObject } from "../http/mod.ts";
import { expecting } from "./api.ts";
import type { OpenwopApi } from "./api.ts";

/**
 * What a host says about itself. Beside the listed fields it has one record for each capability it offers, and nothing
 * for those it does not. Source: v2 §3.
 */
export interface DiscoveryDocument extends JsonObject {
  /** Every contract served, `<major>.<minor>`. */
  readonly protocolVersions: readonly string[];
  /** The one that a request without a version header gets. */
  readonly preferredVersion: string;
}

/** What a host offers. */
export class DiscoveryResource {
  readonly #api: OpenwopApi;

  /**
   * Made by the client.
   *
   * @param api The way to the host.
   */
  constructor(api: OpenwopApi) {
    this.#api = api;
  }

  /**
   * Gets the discovery document. Retried; sent without the API key. Source: v2 §3.
   *
   * @param options Options of the call.
   * @throws {OpenwopError} 406 when the host does not speak OpenWOP 2, 426 when it wants a newer client.
   * @throws {ProtocolMismatchError} `protocol-mismatch`, when something else answers at the base URL.
   */
  get(options?: CallOptions): Promise<DiscoveryDocument> {
    const { path } = this.#api;
    return this.#api.call({
      method: "GET",
      path: path`/.well-known/openwop`,
      contract: "safe",
      auth: false,
      decode: expecting<DiscoveryDocument>("GET /.well-known/openwop", {
        protocolVersions: "array",
        preferredVersion: "string",
      }),
    }, options);
  }
}
