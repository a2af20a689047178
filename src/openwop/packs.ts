// Web standards only.
import type { CallOptions, JsonObject } from "../http/mod.ts";

/** The registry of node packs, which may be another server than the host; version 1 only. Source: v1 §5.2. */
export interface PacksResource {
  /**
   * Gets the manifest of one release of a pack. Retried.
   *
   * @throws {OpenwopError} 404 `pack_version_not_found`.
   */
  get(
    name: string,
    version: string,
    options?: CallOptions,
  ): Promise<PackManifest>;
}

/** What a registry says about one release of a pack. */
export interface PackManifest extends JsonObject {
  /** Its name. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
}
