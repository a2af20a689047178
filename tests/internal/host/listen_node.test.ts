import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import test from "node:test";
import { listenOnNode } from "../../../src/host/serve/listen_node.ts";
import type { NodeHttp } from "../../../src/host/serve/listen_node.ts";

type Handle = Parameters<NodeHttp["createServer"]>[0];

/** A stand-in for `node:http`, which tells how often all connections were closed. */
function fakeHttp() {
  let handle: Handle = () => {};
  const state = { cut: 0 };
  const http: NodeHttp = {
    createServer(answer) {
      handle = answer;
      return {
        once: () => {},
        off: () => {},
        listen: (_port, _hostname, done) => done(),
        address: () => ({ port: 1 }),
        close: () => {},
        closeAllConnections: () => void state.cut++,
      };
    },
  };
  /** One exchange; the returned function ends it. */
  const request = (): () => void => {
    const outgoing = Object.assign(new EventEmitter(), {
      writableFinished: true,
      end: () => {},
    });
    const incoming = { method: "GET", url: "/", headers: {}, rawHeaders: [] };
    handle(incoming as never, outgoing as never);
    return () => void outgoing.emit("close");
  };
  const answer = () => Promise.resolve(new Response());
  const listening = () => listenOnNode(http, 0, "127.0.0.1", answer);
  return { state, request, listening };
}

test("listenOnNode() hangs up on clients that keep connections as soon as it is stopped and has answered, not before", async () => {
  const { state, request, listening } = fakeHttp();
  const listener = await listening();
  const [first, second, third] = [request(), request(), request()];
  first();
  assert.equal(state.cut, 0);
  listener.stop();
  second();
  assert.equal(state.cut, 0);
  third();
  assert.equal(state.cut, 1);
});

test("listenOnNode() hangs up at once when it is stopped and nothing is under way", async () => {
  const { state, request, listening } = fakeHttp();
  const listener = await listening();
  request()();
  assert.equal(state.cut, 0);
  listener.stop();
  assert.equal(state.cut, 1);
});
