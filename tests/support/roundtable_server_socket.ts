import type { LiveSocket } from "@tutti/sdk/roundtable";
import type { LiveConnection } from "./roundtable_live.ts";
import type { RoundTableServer } from "./roundtable_server.ts";

/** The class of sockets that lead to `server` without a network; everything happens a microtask later. */
export function memorySocket(
  server: RoundTableServer,
): new (url: string) => LiveSocket & { readonly url: string } {
  return class extends EventTarget {
    readonly url: string;
    #connection: LiveConnection | undefined;
    #isOver = false;

    constructor(url: string) {
      super();
      this.url = url;
      const { pathname, searchParams } = new URL(url);
      queueMicrotask(() => {
        if (this.#isOver) return;
        this.#connection = pathname === "/ws/connect"
          ? server.live.connect(searchParams, {
            send: (text) =>
              queueMicrotask(() => {
                if (this.#isOver) return;
                this.dispatchEvent(
                  Object.assign(new Event("message"), { data: text }),
                );
              }),
            destroy: () => this.#end(),
          })
          : undefined;
        if (this.#connection) return;
        this.dispatchEvent(new Event("error"));
        this.#end();
      });
    }

    send(text: string): void {
      if (!this.#connection) throw new Error("it is not open");
      server.live.receive(this.#connection, text);
    }

    close(): void {
      if (this.#connection) server.live.leave(this.#connection);
      queueMicrotask(() => this.#end());
    }

    #end(): void {
      if (this.#isOver) return;
      this.#isOver = true;
      this.dispatchEvent(new Event("close"));
    }
  };
}
