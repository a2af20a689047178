import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { createTransport, DecodeError, HttpError, path } from "@tutti/sdk/http";
import { OpenwopClient, OpenwopError } from "@tutti/sdk/openwop";
import { until } from "../support/fake_clock.ts";
import { read, write } from "../support/transport.ts";

interface Live {
  readonly url: string;
  readonly seen: IncomingMessage[];
  close(): Promise<void>;
}

/** A real server on this machine. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Live> {
  const seen: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

test("call() carries no credential to where a real server redirects, whatever the status", async () => {
  const elsewhere = await serve((_, response) => response.end("1"));
  const statuses = [301, 302, 303, 307, 308];
  let next = 0;
  const server = await serve((_, response) => {
    response.writeHead(statuses[next++ % statuses.length]!, {
      location: `${elsewhere.url}/stolen`,
    });
    response.end();
  });
  try {
    const transport = createTransport({
      baseUrl: server.url,
      headers: { authorization: "Bearer secret", "x-api-key": "secret" },
    });
    for (const operation of [read, write("never")]) {
      for (const status of statuses) {
        await assert.rejects(
          transport.call(operation),
          (error) =>
            HttpError.is(error) &&
            // Where the runtime hides it, as browsers do, it is 0.
            [status, 0].includes(error.status) &&
            error.hint?.includes("redirects") === true,
        );
      }
    }
    assert.equal(server.seen.length, 10);
    assert.equal(server.seen[0]?.headers.authorization, "Bearer secret");
    assert.equal(elsewhere.seen.length, 0);
  } finally {
    await server.close();
    await elsewhere.close();
  }
});

test("a client keeps its key when a real host redirects to another origin", async () => {
  const elsewhere = await serve((_, response) => response.end("{}"));
  const server = await serve((_, response) => {
    response.writeHead(307, { location: `${elsewhere.url}/runs` });
    response.end();
  });
  try {
    const client = new OpenwopClient({ baseUrl: server.url, apiKey: "secret" });
    await assert.rejects(
      client.runs.create({ workflowId: "w" }),
      OpenwopError,
    );
    const stream = client.runs.stream("acme/r", { retry: false });
    await assert.rejects(stream.next());
    assert.ok(server.seen.length >= 2);
    assert.equal(elsewhere.seen.length, 0);
  } finally {
    await server.close();
    await elsewhere.close();
  }
});

test("call() reads no more of an endless answer than it is allowed to", async () => {
  let written = 0;
  let closed = 0;
  const chunk = new Uint8Array(65_536).fill(0x20);
  const server = await serve((request, response) => {
    response.writeHead(request.url === "/things" ? 200 : 500);
    const more = (): void => {
      while (!response.destroyed) {
        written += chunk.length;
        if (!response.write(chunk)) {
          response.once("drain", more);
          return;
        }
      }
    };
    response.on("close", () => closed++);
    response.on("error", () => {});
    more();
  });
  try {
    const transport = createTransport({
      baseUrl: server.url,
      retry: false,
      maxBodyBytes: 100_000,
    });
    await assert.rejects(transport.call(read), DecodeError);
    await assert.rejects(
      transport.call({ ...read, path: "/broken" }),
      (error) => HttpError.is(error) && error.body === " ".repeat(65_536),
    );
    assert.ok(written < 50_000_000, `${written} bytes`);
    await until(() => closed === 2);
  } finally {
    await server.close();
  }
});

test("ids from outside stay inside of their segment on a real server", async () => {
  const server = await serve((_, response) => response.end("1"));
  try {
    const transport = createTransport({ baseUrl: server.url });
    const ids = ["../admin", "a/b", "a?b", "a#b", "a%2Fb", "%2e%2e", "ü", " "];
    for (const id of ids) {
      await transport.call({ ...read, path: path`/things/${id}/x` });
    }
    assert.deepEqual(
      server.seen.map(({ url = "" }) => {
        const [, things, id = "", x, ...more] = url.split("/");
        return [things, decodeURIComponent(id), x, more.length];
      }),
      ids.map((id) => ["things", id, "x", 0]),
    );
  } finally {
    await server.close();
  }
});

test("path refuses what would change the path or could smuggle", () => {
  const bad = ["", ".", "..", "a\r\nb", "\0", "\x7f", "\ud800", "a\udc00b"];
  for (const id of bad) {
    assert.throws(() => path`/things/${id}`, { code: "invalid-argument" });
  }
});

test("an answer cannot pollute prototypes, whatever it is and whoever copies it", async () => {
  const bodies = [
    '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}}}',
    '{"\\u005f_proto__":{"polluted":1},"a":{}}',
    '[{"__proto__":{"polluted":1}}]',
    '{"constructor":{"prototype":{"polluted":1}},"a":{}}',
  ];
  for (const status of [200, 400]) {
    for (const text of bodies) {
      const transport = createTransport({
        baseUrl: "https://api.test",
        fetch: () => new Response(text, { status }),
      });
      const body = await transport.call({ ...read, decode: (value) => value })
        .then(({ data }) => data, (error) => error.body);
      const copy = Object.assign({}, body, (body as { a?: object }).a);
      assert.equal((copy as { polluted?: unknown }).polluted, undefined);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
      assert.doesNotMatch(JSON.stringify(body), /__proto__/);
    }
  }
});
