// Web standards only.
import { HEADERS, hostCodecV1, hostCodecV2 } from "../openwop/protocol/mod.ts";
import { ENGINE_VERSION } from "./discovery.ts";
import type { Call } from "./parts.ts";
import { invalid, Refusal } from "./refusal.ts";

/**
 * Whether a new run is to be the only active one of its scope: `OpenWOP-Dedup: enforce`. Source: v2 §8.1, v1 §13.3.
 *
 * @param scopeId Of the body.
 * @throws {Refusal} `400 validation_error`, rather than taking a wish that cannot be kept.
 */
export function wantsToBeAlone(
  call: Call,
  scopeId: string | undefined,
): boolean {
  const wish = headerOf(call, HEADERS.dedup);
  if (wish === null) return false;
  if (wish.trim().toLowerCase() !== "enforce") {
    throw invalid(
      `Cannot create the run: ${HEADERS.dedup} must be enforce`,
      `/${HEADERS.dedup}`,
    );
  }
  if (scopeId !== undefined) return true;
  // There the header means nothing without one.
  if (call.major === 1) return false;
  throw invalid(
    `Cannot create the run: with ${HEADERS.dedup} it must have a scopeId, which tells what it is a duplicate of`,
    "/scopeId",
  );
}

/**
 * Refuses a forced version of the engine, unless a test asks for the one that is here. Source: v1 §2.1, §3, §6.3.
 *
 * @throws {Refusal} `403 force_engine_version_forbidden`, `400 validation_error`.
 */
export function checkForcedEngine(call: Call): void {
  const version = headerOf(call, HEADERS.forceEngineVersion);
  if (version === null) return;
  if (!/^\d{1,15}$/.test(version.trim())) {
    throw invalid(
      `Cannot create the run: ${HEADERS.forceEngineVersion} must be a whole number`,
      `/${HEADERS.forceEngineVersion}`,
    );
  }
  if (!call.principal.isTest) {
    throw new Refusal(
      403,
      "force_engine_version_forbidden",
      "Cannot create the run: only callers for tests may name the version of the engine",
    );
  }
  if (Number(version) === ENGINE_VERSION) return;
  throw invalid(
    `Cannot create the run: the engine of this host has the version ${ENGINE_VERSION}`,
    `/${HEADERS.forceEngineVersion}`,
    { engineVersions: [ENGINE_VERSION] },
  );
}

function headerOf({ major, request }: Call, name: string): string | null {
  const codec = major === 1 ? hostCodecV1 : hostCodecV2;
  return codec.readHeader(request.headers, name);
}
