// Web standards only.

/** Sends to one of these addresses, whatever the name in the URL leads to by then. */
export type PinnedFetch = (
  request: Request,
  body: string,
  addresses: readonly string[],
) => Promise<Response>;

/** What is needed of the client that every server runtime has. */
interface Https {
  request(
    url: string,
    options: object,
    onResponse: (message: Message) => void,
  ): {
    on(name: "error", listener: (error: unknown) => void): void;
    end(body: string): void;
  };
}

interface Message {
  readonly statusCode?: number;
  on(name: string, listener: (value: Uint8Array) => void): unknown;
  destroy(): void;
}

type Found = (
  error: null,
  address: string | readonly { address: string; family: number }[],
  family?: number,
) => void;

/**
 * `fetch` for `https:` that connects to an address that was looked at before, so that a name which changes in between leads
 * nowhere else; certificate and `Host` are those of the name. Follows no redirect. `undefined` where the runtime has no
 * such client, as in browsers.
 */
export function pinnedFetch(): PinnedFetch | undefined {
  const { process } = globalThis as {
    readonly process?: { getBuiltinModule?(name: string): unknown };
  };
  const https = process?.getBuiltinModule?.("node:https") as Https | undefined;
  return https &&
    ((request, body, addresses) =>
      new Promise((resolve, reject) => {
        const known = addresses.map((address) => ({
          address,
          family: address.includes(":") ? 6 : 4,
        }));
        const lookup = (
          _name: string,
          { all }: { readonly all?: boolean },
          found: Found,
        ): void =>
          all
            ? found(null, known)
            : found(null, known[0]!.address, known[0]!.family);
        const { url, method, headers, signal } = request;
        const sent = https.request(url, {
          method,
          headers: {
            ...Object.fromEntries(headers),
            "content-length": new TextEncoder().encode(body).length,
          },
          // A connection of its own, so that none is used that was made to another address.
          agent: false,
          lookup,
          signal,
        }, (message) => {
          try {
            resolve(responseOf(message));
          } catch (error) {
            message.destroy();
            reject(error);
          }
        });
        sent.on("error", reject);
        sent.end(body);
      }));
}

function responseOf(message: Message): Response {
  const { statusCode: status = 0 } = message;
  // A status that no response can have is refused by the constructor.
  if (status < 200 || [204, 205, 304].includes(status)) {
    const response = new Response(null, { status });
    message.destroy();
    return response;
  }
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      message.on("data", (chunk) => controller.enqueue(new Uint8Array(chunk)));
      message.on("end", () => controller.close());
      message.on("error", (error) => controller.error(error));
    },
    cancel: () => message.destroy(),
  });
  return new Response(stream, { status });
}
