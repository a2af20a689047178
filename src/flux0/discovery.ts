// Web standards only.
import { DecodeError } from "../http/mod.ts";
import type { JsonValue } from "../http/mod.ts";
import type { Flux0Api, Flux0CallOptions } from "./api.ts";

/** What a server says about itself. */
export interface ServerDescription {
  /** Of its API, as it names it. */
  readonly version: string | undefined;
  /**
   * Whether its sessions have a `mode` and `metadata`, to record and replay them: the revision of autumn 2025. Older
   * servers refuse both with 422.
   */
  readonly hasModes: boolean;
}

/** What a server offers. */
export interface DiscoveryResource {
  /**
   * Tells which revision a server is of, from the description of its API that it publishes. Retried.
   *
   * @param options Options of the call.
   * @throws {Flux0Error} 404, where a gateway publishes no description.
   */
  get(options?: Flux0CallOptions): Promise<ServerDescription>;
}

/** Makes the resource. Sends nothing. */
export function createDiscovery(api: Flux0Api): DiscoveryResource {
  return {
    get: (options) =>
      api.call("discovery.get", [], options, {
        decode(body) {
          const { info, components } = Object(body) as Description;
          const schemas = components?.schemas;
          if (!schemas) {
            throw new DecodeError(
              "GET /openapi.json",
              "a description is wanted",
            );
          }
          return {
            version: typeof info?.version === "string"
              ? info.version
              : undefined,
            hasModes: Object.values(schemas).some((schema) => {
              const fields = Object(schema?.properties) as object;
              return Object.hasOwn(fields, "consumption_offsets") &&
                Object.hasOwn(fields, "mode");
            }),
          };
        },
      }),
  };
}

interface Description {
  readonly info?: { readonly version?: JsonValue };
  readonly components?: {
    readonly schemas?: Readonly<
      Record<string, { readonly properties?: JsonValue } | null>
    >;
  };
}
