import { connect } from "node:net";
import type { Socket } from "node:net";
import { createFrameReader, encodeFrame } from "./websocket_frames.ts";
import type { LiveSocket } from "@tutti/sdk/roundtable";

/** A small WebSocket client for the runtime that has none, Node 20. Only what the library uses, and only for tests. */
export class NodeWebSocket extends EventTarget implements LiveSocket {
  readonly #socket: Socket;
  #isOpen = false;

  constructor(url: string) {
    super();
    const { hostname, port, pathname, search } = new URL(url);
    this.#socket = connect(Number(port), hostname);
    const read = createFrameReader();
    let head = "";
    this.#socket.on("connect", () => {
      this.#socket.write(
        [
          `GET ${pathname}${search} HTTP/1.1`,
          `host: ${hostname}:${port}`,
          "upgrade: websocket",
          "connection: Upgrade",
          "sec-websocket-version: 13",
          "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
          "",
          "",
        ].join("\r\n"),
      );
    });
    this.#socket.on("data", (bytes: Uint8Array) => {
      let rest = bytes;
      if (!this.#isOpen) {
        // One byte is one character: the head ends where the frames begin.
        const text = String.fromCharCode(...bytes);
        const before = head.length;
        head += text;
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!head.startsWith("HTTP/1.1 101 ")) {
          this.dispatchEvent(new Event("error"));
          this.#socket.destroy();
          return;
        }
        this.#isOpen = true;
        rest = bytes.subarray(end + 4 - before);
      }
      for (const { opcode, payload } of read(rest)) this.#take(opcode, payload);
    });
    this.#socket.on("error", () => this.dispatchEvent(new Event("error")));
    this.#socket.on("close", () => this.dispatchEvent(new Event("close")));
  }

  send(text: string): void {
    if (!this.#isOpen) throw new Error("it is not open");
    this.#socket.write(encodeFrame(1, new TextEncoder().encode(text), true));
  }

  close(): void {
    if (this.#isOpen) {
      this.#socket.write(encodeFrame(8, new Uint8Array(), true));
      this.#socket.end();
    } else this.#socket.destroy();
  }

  #take(opcode: number, payload: Uint8Array): void {
    if (opcode === 9) this.#socket.write(encodeFrame(10, payload, true));
    if (opcode === 8) this.#socket.end();
    if (opcode > 2) return;
    const data = opcode === 1 ? new TextDecoder().decode(payload) : payload;
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }
}

/** What a test connects with: the runtime's own class where it has one. */
export const TestWebSocket: new (url: string) => LiveSocket =
  (globalThis as { readonly WebSocket?: new (url: string) => LiveSocket })
    .WebSocket ?? NodeWebSocket;
