import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { noop, stepOf, Wire } from "../support/wire.ts";

const host = createHost({ workflows: [noop] });
const wire = new Wire(host);

test("fetch() serves version 2 when the request names it or nothing", async () => {
  for (const version of ["2.0", "2", "2.7", " 2.0 "]) {
    const answer = await wire.get("/.well-known/openwop", {
      "openwop-version": version,
    });
    assert.equal(answer.status, 200, version);
  }
  assert.equal((await wire.get("/.well-known/openwop")).status, 200);
  assert.equal((await wire.get("/workflows/conformance-noop")).status, 200);
});

test("fetch() answers 406 with the list when the request names another version", async () => {
  for (const version of ["1", "1.1", "3.0", "02.0", "two", "", "2.x"]) {
    for (const path of ["/.well-known/openwop", "/runs/x", "/v1/runs"]) {
      const { status, body } = await wire.get(path, {
        "openwop-version": version,
      });
      assert.equal(status, 406, `${version} ${path}`);
      assert.equal(body.error, "protocol_version_unsupported");
      assert.deepEqual(body.details, { protocolVersions: ["2.0"] });
    }
  }
});

test("fetch() refuses version 2 on a path of version 1", async () => {
  const { status, body } = await wire.get("/v1/runs", {
    "openwop-version": "2.0",
  });
  assert.equal(status, 400);
  assert.equal(body.error, "protocol_version_mismatch");
  assert.equal((await wire.get("/v1/runs")).status, 404);
});

test("a host with a floor refuses clients that say they are older, and nobody else", async () => {
  const host = createHost({ workflows: [noop], minClientVersion: "2.42" });
  const wire = new Wire(host);
  const discovery = "/.well-known/openwop";
  assert.equal((await wire.get(discovery)).body.minClientVersion, "2.42");
  const paths = [discovery, "/openapi.json", "/workflows/conformance-noop"];
  for (const path of paths) {
    for (const version of ["2.41", "2.9.99", "1.100", "0.0"]) {
      const { status, body } = await wire.get(path, {
        "openwop-client-version": version,
      });
      assert.equal(status, 426, `${version} ${path}`);
      assert.equal(body.error, "client_version_unsupported");
      assert.deepEqual(body.details, { minClientVersion: "2.42" });
    }
    // Malformed ones say nothing.
    const odd = ["2", "02.1", "2.041", "v2.1", "2.1.0.0", "2.1-rc.1", "x", ""];
    for (const version of ["2.42", "2.42.0", "2.100", "10.0", ...odd]) {
      const { status } = await wire.get(path, {
        "openwop-client-version": version,
      });
      assert.equal(status, 200, `${version} ${path}`);
    }
  }
  await host.close();
  for (const minClientVersion of ["2", "2.42.1", "02.1", "new", ""]) {
    assert.throws(() => createHost({ workflows: [], minClientVersion }), {
      code: "invalid-argument",
    });
  }
});

test("an answer goes on with the trace of the request", async () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  for (const path of ["/openapi.json", "/runs/no-such"]) {
    const { headers } = await wire.get(path, {
      "traceparent": `00-${trace}-00f067aa0ba902b7-01`,
    });
    assert.match(
      headers.get("traceparent")!,
      new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`),
    );
  }
  const none = await wire.get("/openapi.json", { "traceparent": "00-0-0-00" });
  assert.equal(none.headers.get("traceparent"), null);
});

test("fetch() ignores the client version, whatever it is", async () => {
  for (const version of ["2.45.16", "0.1", "nonsense"]) {
    const answer = await wire.get("/workflows/conformance-noop", {
      "openwop-client-version": version,
    });
    assert.equal(answer.status, 200);
  }
});

test("discovery lists what is wired and nothing else", async () => {
  const { status, headers, body } = await wire.get("/.well-known/openwop");
  assert.equal(status, 200);
  assert.equal(headers.get("cache-control"), "no-cache");
  assert.deepEqual(body, {
    protocolVersions: ["2.0"],
    preferredVersion: "2.0",
    implementation: { name: "tutti", version: "0.1.0" },
    engineVersion: 1,
    eventLogSchemaVersion: 3,
    extensions: { "tutti.fork-state": { version: 1 } },
    fixtures: ["conformance-noop"],
    eventLog: {
      status: "experimental",
      since: "2.0",
      until: "2.1",
      witness: "claims-check",
    },
    interrupt: {
      status: "experimental",
      since: "2.0",
      until: "2.1",
      witness: "witnessable-gated",
      tokenAlgs: ["hs256"],
    },
    replay: {
      status: "experimental",
      since: "2.0",
      until: "2.1",
      witness: "witnessable-gated",
      modes: ["replay", "branch"],
      effectSeamsManifest: "/host/effect-seams",
    },
    idempotency: {
      status: "experimental",
      since: "2.0",
      until: "2.1",
      witness: "witnessable-gated",
      crossRegion: "single-region",
    },
    webhooks: {
      status: "experimental",
      since: "2.0",
      until: "2.1",
      witness: "witnessable-gated",
      signatureAlgorithms: ["v1", "standard-webhooks-1"],
      secretRotation: { overlapSeconds: 86_400 },
      retryPolicy: { maxAttempts: 6, backoff: "exponential" },
      deadLetter: { retentionDays: 30, maxPageSize: 100 },
    },
  });
});

test("discovery answers 304 when the caller has it already", async () => {
  const { headers } = await wire.get("/.well-known/openwop");
  const etag = headers.get("etag")!;
  assert.match(etag, /^"[^"]+"$/);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const again = await wire.get("/.well-known/openwop", {
      "if-none-match": known,
    });
    assert.equal(again.status, 304);
    assert.equal(again.body, "");
    assert.equal(again.headers.get("etag"), etag);
  }
  const other = await wire.get("/.well-known/openwop", {
    "if-none-match": '"other"',
  });
  assert.equal(other.status, 200);
});

test("discovery lists whose events may be in the logs, and not which", async () => {
  const any = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value: unknown) => ({ value }),
    },
  } as const;
  const step = stepOf(() => ({}), {
    events: {
      "acme.order-shipped": any,
      "acme.order-lost": any,
      "zeta.done": any,
    },
  });
  const host = createHost({ workflows: [noop, step] });
  const { body } = await new Wire(host).get("/.well-known/openwop");
  const { "tutti.fork-state": _own, ...vendors } = body.extensions;
  assert.deepEqual(vendors, { "acme.events": {}, "zeta.events": {} });
  await host.close();
});

test("discovery keeps the names of ordinary workflows to itself", async () => {
  const quiet = createHost({
    workflows: [{
      ...noop,
      definition: { ...noop.definition, id: "hidden-plan" },
    }],
  });
  const { body } = await new Wire(quiet).get("/.well-known/openwop");
  assert.doesNotMatch(JSON.stringify(body), /hidden/);
});

test("fetch() answers 404 in the envelope for everything that it does not have", async () => {
  const paths = [
    "/",
    "/runs",
    "/runs/",
    "//runs",
    "/runs//events",
    "/runs/local~2Faaaaaaaaaaaaaaaa:dance",
    "/runs/local~2Faaaaaaaaaaaaaaaa/reflects",
    "/.well-known/openwop/",
    "/workflows/no-such",
    "/%2e%2e/%2e%2e/etc/passwd",
  ];
  for (const path of paths) {
    const { status, body } = await wire.get(path);
    assert.equal(status, 404, path);
    assert.equal(body.error, "not_found");
  }
  for (const path of ["/runs/%00", "/workflows/%ZZ", "/workflows/a~b"]) {
    const { status, body } = await wire.get(path);
    assert.equal(status, 400, path);
    assert.equal(body.error, "validation_error");
  }
});

test("workflows.get gives the definition that a new run would get", async () => {
  const { status, body } = await wire.get("/workflows/conformance-noop");
  assert.equal(status, 200);
  assert.deepEqual(body, noop.definition);
});
