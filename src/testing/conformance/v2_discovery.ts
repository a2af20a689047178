// Web standards only.
import { HEADERS, isJsonObject } from "../../openwop/protocol/mod.ts";
import { holds, oneOf, same, text } from "./expect.ts";
import type { Json } from "./expect.ts";
import { rootProblem } from "./root.ts";
import { refused, status } from "./probe.ts";
import type { Probe } from "./probe.ts";
import type { Scenarios } from "./scenarios.ts";

const DISCOVERY = "/.well-known/openwop";
const VERSION = /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$/;
const bare = { key: null, headers: { [HEADERS.version]: undefined } };

/** The profile `openwop-discovery-core`. Source: v2 §14.3. */
export const v2Discovery: Scenarios = {
  "v2-capabilities-root-closed": {
    "the discovery document is the closed root of version 2": async (probe) => {
      const document = await probe.discovery();
      const problem = rootProblem(document);
      holds(problem === undefined, `discovery document: ${problem}`);
    },
    "the reader of these checks refuses an open root": async (probe) => {
      const document = await probe.discovery();
      const open: Record<string, Json> = {
        "openwop-unknown": {},
        "host.replay": { supported: true },
        capabilities: {},
        profiles: [],
      };
      for (const [key, value] of Object.entries(open)) {
        const problem = rootProblem({ ...document, [key]: value });
        holds(problem !== undefined, `a root with ${key} was taken`);
      }
    },
    "the document has a tag, and is not sent twice": async (probe) => {
      await probe.discovery();
      const first = await probe.get(DISCOVERY, { key: null });
      const etag = first.headers.get("etag");
      holds(etag, `${DISCOVERY}: no ETag`);
      const again = await probe.get(DISCOVERY, {
        key: null,
        headers: { "if-none-match": etag },
      });
      status(again, 304);
      same(again.text, "", "body of 304");
    },
  },
  "v2-preferred-version-default": {
    "the preferred version is one of those listed": async (probe) => {
      const { protocolVersions, preferredVersion, protocolVersion } =
        await probe.discovery();
      holds(
        Array.isArray(protocolVersions) && protocolVersions.length > 0 &&
          protocolVersions.every((version) => VERSION.test(version)) &&
          new Set(protocolVersions).size === protocolVersions.length,
        `protocolVersions: ${text(protocolVersions)}`,
      );
      oneOf(preferredVersion, protocolVersions, "preferredVersion");
      const hasV1 = protocolVersions.some((one: string) =>
        one.startsWith("1.")
      );
      same(
        preferredVersion.startsWith("1."),
        hasV1,
        "preferred version is 1.x",
      );
      if (protocolVersions.length === 1) {
        oneOf(
          protocolVersion,
          [undefined, preferredVersion],
          "protocolVersion",
        );
      }
    },
    "without a header the preferred document is served": async (probe) => {
      const { preferredVersion } = await probe.discovery();
      const answer = await probe.get(DISCOVERY, bare);
      status(answer, 200);
      const major = preferredVersion.split(".")[0];
      same(majorOf(answer.headers), major, "major of the bare document");
      const { body } = answer;
      if (major !== "1") return same(rootProblem(body) ?? "", "", "bare root");
      holds(typeof body.protocolVersion === "string", "no protocolVersion");
      same(body.preferredVersion, preferredVersion, "preferredVersion");
      holds(Array.isArray(body.protocolVersions), "no protocolVersions");
    },
    "without a header other paths belong to version 2": async (probe) => {
      await probe.discovery();
      const answer = await probe.get(
        `/runs/openwop-conformance~2F${"h".repeat(22)}`,
        { headers: { [HEADERS.version]: undefined } },
      );
      same(majorOf(answer.headers), "2", `${answer.what}, major`);
    },
  },
  "v2-version-header-honored": {
    "a header that names version 2 gets version 2": async (probe) => {
      const { protocolVersions } = await probe.discovery();
      const answer = await probe.get(DISCOVERY, { key: null });
      same(majorOf(answer.headers), "2", "major under the header 2.0");
      if (!protocolVersions.some((one: string) => one.startsWith("1."))) return;
      const plain = await probe.get(DISCOVERY, bare);
      holds(plain.text !== answer.text, "both majors have the same document");
    },
    "a major that is not served is refused, with those that are": async (
      probe,
    ) => {
      const { protocolVersions } = await probe.discovery();
      const majors = protocolVersions.map((one: string) => one.split(".")[0]);
      const odd = majors.includes("1") ? "9.0" : "1";
      const answer = await probe.get(DISCOVERY, {
        key: null,
        headers: { [HEADERS.version]: odd },
      });
      refused(answer, 406, "protocol_version_unsupported");
      same(
        answer.body.details?.protocolVersions,
        protocolVersions,
        "details.protocolVersions",
      );
    },
    "a client is too old only where it says so itself": async (probe) => {
      const { minClientVersion } = await probe.discovery();
      const ask = (version: string | undefined) =>
        probe.get(DISCOVERY, {
          key: null,
          headers: { [HEADERS.clientVersion]: version },
        });
      for (const version of [undefined, "nonsense", "0", "00.1"]) {
        status(await ask(version), 200);
      }
      if (minClientVersion === undefined) return status(await ask("0.0"), 200);
      holds(
        VERSION.test(minClientVersion),
        `minClientVersion: ${text(minClientVersion)}`,
      );
      status(await ask(minClientVersion), 200);
      const old = await ask("0.0");
      if (old.status === 200) return;
      refused(old, 426, "client_version_unsupported");
    },
    "every refusal names its contract, whatever was sent": async (
      probe: Probe,
    ) => {
      await probe.discovery();
      const answer = await probe.get("/no-such-operation");
      oneOf(answer.status, [401, 403, 404], `${answer.what}, status`);
      const malformed = await probe.send("POST", "/runs", { body: "{" });
      status(malformed, 400);
      same(malformed.body.error, "validation_error", "code of malformed JSON");
      holds(isJsonObject(malformed.body), "no envelope");
    },
  },
};

function majorOf(headers: Headers): string | undefined {
  return headers.get(HEADERS.version)?.split(".")[0];
}
