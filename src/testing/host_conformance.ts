// Web standards only.
import { Probe } from "./conformance/probe.ts";
import type { Scenarios } from "./conformance/scenarios.ts";
import { NotChecked } from "./conformance/subject.ts";
import type {
  ConformanceCheck,
  ConformanceResult,
  HostSubject,
} from "./conformance/subject.ts";
import { v1Floor } from "./conformance/v1_floor.ts";
import { v2Control } from "./conformance/v2_control.ts";
import { v2Discovery } from "./conformance/v2_discovery.ts";
import { v2Families } from "./conformance/v2_families.ts";
import { v2Runs } from "./conformance/v2_runs.ts";
import { v2Streams } from "./conformance/v2_streams.ts";
import { v2Webhooks } from "./conformance/v2_webhooks.ts";

const tables: readonly (readonly [major: 1 | 2, Scenarios])[] = [
  [2, v2Discovery],
  [2, v2Families],
  [2, v2Webhooks],
  [2, v2Runs],
  [2, v2Control],
  [2, v2Streams],
  [1, v1Floor],
];

/**
 * The promises of an OpenWOP host, as checks for any test runner: the seventeen scenarios that the profiles
 * `openwop-discovery-core` and `openwop-core-standard` of version 2 are made of, and the floor of version 1.
 *
 * The checks talk HTTP and know nothing of what answers: a host in this process, behind a socket, or somebody else's.
 * They create runs of the workflows called `conformance-...` and leave them behind. A check that does not bind a host, by
 * what it advertises, or that cannot be made with what it was given, says so and why; whether that will do is for the
 * caller to decide. These are not the files of the published suite, and certify nothing.
 *
 * @param makeHost Called for every check, and may give the same host each time.
 * @returns the checks of both majors; those of a major that the host does not speak are `inapplicable`.
 *
 * @example
 * ```ts
 * import { createHost } from "@tutti/sdk/host";
 * import { hostConformance } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const checks = hostConformance(() => {
 *   const host = createHost({ workflows: [] });
 *   return { baseUrl: host.url, fetch: host.fetch, close: () => host.close() };
 * });
 * const check = checks.find(({ scenario }) =>
 *   scenario === "v2-version-header-honored"
 * );
 * assert.deepEqual(await check?.run(), { outcome: "passed" });
 * ```
 */
export function hostConformance(
  makeHost: () => HostSubject | Promise<HostSubject>,
): readonly ConformanceCheck[] {
  return tables.flatMap(([major, scenarios]) =>
    Object.entries(scenarios).flatMap(([scenario, promises]) =>
      Object.entries(promises).map(([promise, look]) => ({
        name: `${scenario}: ${promise}`,
        major,
        scenario,
        run: async (): Promise<ConformanceResult> => {
          const subject = await makeHost();
          try {
            await look(new Probe(subject, major));
            return { outcome: "passed" };
          } catch (error) {
            if (!(error instanceof NotChecked)) throw error;
            return { outcome: error.outcome, reason: error.message };
          } finally {
            await subject.close?.();
          }
        },
      }))
    )
  );
}
