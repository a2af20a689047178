// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { Health } from "./protocol/mod.ts";

/** The server itself. */
export interface SystemResource {
  /** Asks whether the server is up. Retried. Needs no credential. */
  health(options?: CallOptions): Promise<Health>;
}
