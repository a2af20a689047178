import assert from "node:assert/strict";
import test from "node:test";
import { AbortedError } from "@tutti/sdk/http";
import {
  OpenwopClient,
  OpenwopError,
  ProtocolMismatchError,
} from "@tutti/sdk/openwop";
import { FakeClock, settle } from "../support/fake_clock.ts";

/** A host of one major, or of both, that may change its mind. */
class Host {
  versions: readonly string[] = ["1.1"];
  readonly asked: { path: string; etag: string | null; key: string | null }[] =
    [];
  headers: Record<string, string> = {};
  /** Answers discovery instead of the host. */
  discovery: (() => Response | Promise<Response>) | undefined;
  /** Answers calls instead of the host. */
  call: (() => Response) | undefined;

  readonly fetch = async (
    { url, headers }: Request,
  ): Promise<Response> => {
    const { pathname: path } = new URL(url);
    const etag = headers.get("if-none-match");
    this.asked.push({ path, etag, key: headers.get("idempotency-key") });
    const speaks = (major: string): string | undefined =>
      this.versions.find((version) => version.startsWith(major));
    const wanted = headers.get("openwop-version")?.[0] ?? "1";
    const version = speaks(wanted) ?? this.versions[0]!;
    const own = { ...this.headers, "openwop-version": version };
    if (path === "/.well-known/openwop") {
      if (this.discovery) return await this.discovery();
      if (etag !== null && etag === this.headers.etag) {
        return new Response(null, { status: 304, headers: own });
      }
      return Response.json(
        version.startsWith("2")
          ? { protocolVersions: this.versions, preferredVersion: version }
          : { protocolVersion: version, protocolVersions: this.versions },
        { headers: own },
      );
    }
    if (this.call) return this.call();
    if (!speaks(path.startsWith("/v1/") ? "1" : "2")) {
      const body = { error: "not_found", message: "no such path" };
      return Response.json(body, { status: 404, headers: own });
    }
    return Response.json({
      runId: "acme/run-0123456789abcdef",
      workflowId: "w",
      status: "running",
    }, { headers: own });
  };

  /** What was asked since the last look. */
  paths(): string[] {
    return this.asked.splice(0).map(({ path }) => path);
  }
}

function bench(...versions: string[]) {
  const host = new Host();
  host.versions = versions;
  const clock = new FakeClock();
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    fetch: host.fetch,
    clock,
    random: () => 1,
  });
  return { host, clock, client, get: () => clock.run(client.runs.get("r")) };
}

const DISCOVERY = "/.well-known/openwop";

test("OpenwopClient speaks the highest major that both know, asked once by however many calls", async () => {
  for (
    const [versions, path] of [
      [["1.1"], "/v1/runs/r"],
      [["1.1", "2.0"], "/runs/r"],
      [["2.3"], "/runs/r"],
    ] as const
  ) {
    const { host, clock, client } = bench(...versions);
    await clock.run(
      Promise.all([1, 2, 3].map(() => client.runs.get("r"))),
    );
    await clock.run(client.runs.get("r"));
    assert.deepEqual(host.paths(), [DISCOVERY, path, path, path, path]);
  }
});

test("OpenwopClient takes a host that ignores the version header for one of version 1, whatever it lists", async () => {
  const { host, get } = bench("1.0");
  host.discovery = () =>
    Response.json({
      protocolVersion: "1.0",
      protocolVersions: ["1.0", "2.0"],
      preferredVersion: "1.0",
    });
  await get();
  assert.deepEqual(host.paths(), [DISCOVERY, "/v1/runs/r"]);
});

test("OpenwopClient says that no host is there, or none that it speaks with", async () => {
  const page = () => new Response("<p>hello", { status: 200 });
  const missing = () => new Response("none", { status: 404 });
  const other = () => Response.json({ hello: "world" });
  const newer = () =>
    Response.json(
      { protocolVersions: ["3.0"], preferredVersion: "3.0" },
      { headers: { "openwop-version": "2.0" } },
    );
  for (
    const [discovery, words] of [
      [page, "no OpenWOP host answers at https://wop.test"],
      [missing, "no OpenWOP host answers at https://wop.test"],
      [other, "no OpenWOP host answers at https://wop.test"],
      [newer, "the host speaks OpenWOP 3.0, this client 2 and 1"],
    ] as const
  ) {
    const { host, get } = bench("2.0");
    host.discovery = discovery;
    await assert.rejects(
      get(),
      (error) =>
        ProtocolMismatchError.is(error) && error.message.includes(words),
    );
    assert.deepEqual(host.paths(), [DISCOVERY], words);
  }
});

test("OpenwopClient keeps its major when the host may not be asked for its document twice, has() does not", async () => {
  const { host, clock, client, get } = bench("2.0");
  host.headers = { "cache-control": "max-age=0", etag: '"d"' };
  await get();
  await get();
  assert.deepEqual(host.paths(), [DISCOVERY, "/runs/r", "/runs/r"]);
  await clock.run(client.discovery.has("replay"));
  assert.equal(host.asked[0]?.etag, '"d"');
  assert.deepEqual(host.paths(), [DISCOVERY]);
  await clock.advance(300_000);
  await get();
  assert.equal(host.asked[0]?.etag, '"d"');
  assert.deepEqual(host.paths(), [DISCOVERY, "/runs/r"]);
});

test("OpenwopClient keeps its major while the host cannot say it again", async () => {
  const { host, clock, get } = bench("1.1");
  await get();
  await clock.advance(300_000);
  host.discovery = () => new Response("busy", { status: 503 });
  await get();
  await get();
  assert.deepEqual(host.paths(), [
    DISCOVERY,
    "/v1/runs/r",
    DISCOVERY,
    "/v1/runs/r",
    "/v1/runs/r",
  ]);
});

test("OpenwopClient asks again, once, when a refusal shows that the host has changed its major, and does nothing twice", async () => {
  const { host, clock, client, get } = bench("1.1");
  await get();
  host.paths();
  host.versions = ["2.0"];
  await clock.run(
    Promise.all([1, 2].map(() => client.runs.create({ workflowId: "w" }))),
  );
  assert.deepEqual(host.paths().sort(), [
    DISCOVERY,
    "/runs",
    "/runs",
    "/v1/runs",
    "/v1/runs",
  ]);

  const unspoken = { error: "protocol_version_unsupported", message: "no" };
  host.call = () =>
    Response.json(unspoken, {
      status: 406,
      headers: { "openwop-version": "2.0" },
    });
  await assert.rejects(
    get(),
    (error) => OpenwopError.is(error) && error.status === 406,
  );
  assert.deepEqual(host.paths(), ["/runs/r", DISCOVERY, "/runs/r"]);
});

test("OpenwopClient does not repeat a change whose success came in another major: it has been done", async () => {
  const { host, clock, client, get } = bench("2.0");
  await get();
  host.paths();
  host.call = () =>
    Response.json({ runId: "r", status: "pending" }, {
      headers: { "openwop-version": "1.1" },
    });
  await assert.rejects(
    clock.run(client.runs.create({ workflowId: "w" })),
    ProtocolMismatchError.is,
  );
  assert.deepEqual(host.paths(), ["/runs"]);
  // The next call knows.
  host.versions = ["1.1"];
  host.call = undefined;
  await get();
  assert.deepEqual(host.paths(), [DISCOVERY, "/v1/runs/r"]);
});

test("OpenwopClient asks on for those who stay when one leaves, and not for nobody", async () => {
  const { host, clock, client } = bench("2.0");
  const answers: (() => void)[] = [];
  host.discovery = async () => {
    await new Promise<void>((resolve) => answers.push(resolve));
    host.discovery = undefined;
    return await host.fetch(
      new Request("https://wop.test/.well-known/openwop", {
        headers: { "openwop-version": "2.0" },
      }),
    );
  };
  const [first, second] = [new AbortController(), new AbortController()];
  const leaves = client.runs.get("r", { signal: first.signal });
  const stays = client.runs.get("r", { signal: second.signal });
  await settle();
  first.abort();
  await assert.rejects(leaves, AbortedError.is);
  assert.equal(answers.length, 1);
  answers[0]!();
  assert.equal((await clock.run(stays)).status, "running");

  const alone = bench("2.0");
  const left = new AbortController();
  let signal: AbortSignal | undefined;
  const nobody = new OpenwopClient({
    baseUrl: "https://wop.test",
    clock: alone.clock,
    fetch: (request) => {
      signal = request.signal;
      return new Promise<never>(() => {});
    },
  }).runs.get("r", { signal: left.signal });
  await settle();
  left.abort();
  await assert.rejects(nobody, AbortedError.is);
  await settle();
  assert.equal(signal?.aborted, true);
  assert.equal(alone.clock.pending, 0);
});
