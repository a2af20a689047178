// Web standards only.
import { within } from "../../http/mod.ts";
import type { Clock, Fetch } from "../../http/mod.ts";
import {
  addressesOf,
  isAddress,
  isPrivateAddress,
  refusalOf,
} from "./egress.ts";
import type { Resolve } from "./egress.ts";
import type { PinnedFetch } from "./pinned.ts";

/** How what is sent to webhooks leaves the host. */
export interface Sender {
  /** What sends, in place of a client that is bound to the addresses that were looked at. */
  readonly fetch: Fetch | undefined;
  /** That client, where the runtime has one. */
  readonly pinned: PinnedFetch | undefined;
  /** Names to addresses. */
  readonly resolve: Resolve;
  /** Whether private addresses are sent to. */
  readonly allowPrivate: boolean;
  /** Whether the headers go out in the names of version 1, too. Source: v2 §11.2. */
  readonly withV1?: boolean;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** Time. */
  readonly clock: Clock;
}

/** One request to an endpoint. */
export interface Post {
  /** Where to. */
  readonly url: string;
  /** As they are. */
  readonly headers: Headers;
  /** JSON. */
  readonly body: string;
  /** How long it may take. */
  readonly timeoutMs: number;
  /** How much of the answer is read; nobody reads more than nothing of what a receiver says to a delivery. @default 0 */
  readonly most?: number;
}

/** Why nothing is sent to a URL from here, `undefined` when something may be. */
export function undeliverable(
  { allowPrivate, fetch, pinned }: Pick<
    Sender,
    "allowPrivate" | "fetch" | "pinned"
  >,
  url: string,
): string | undefined {
  const refused = refusalOf(url, allowPrivate);
  if (refused !== undefined || allowPrivate || fetch || pinned) return refused;
  return isAddress(new URL(url).hostname)
    ? undefined
    : "this runtime cannot hold a connection to the address that a name led to when it was looked at";
}

/**
 * Sends a request. Redirects are not followed, they could lead anywhere. The name is looked up for each request, since it
 * may have moved inside after it was registered, and the connection is made to what was found.
 *
 * @returns what a 2xx said, as far as it was to be read; `undefined` for any other outcome. Source: v2 §11.3.
 */
export async function post(
  sender: Sender,
  { url, headers, body, timeoutMs, most = 0 }: Post,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { clock } = sender;
  if (undeliverable(sender, url) !== undefined) return undefined;
  try {
    return await within(
      clock,
      "the delivery",
      { signal, timeoutMs },
      async (signal) => {
        const request = new Request(url, {
          method: "POST",
          headers,
          body,
          redirect: "manual",
          signal,
        });
        const response = await open(sender, request, body);
        if (response?.ok) return await readStart(response, most);
        await response?.body?.cancel();
        return undefined;
      },
    );
  } catch {
    // An unreachable receiver is an ordinary failed attempt; the retry policy is what answers it.
    return undefined;
  }
}

async function open(
  { allowPrivate, resolve, fetch: given, pinned }: Sender,
  request: Request,
  body: string,
): Promise<Response | undefined> {
  const send = given ?? ((request: Request) => fetch(request));
  if (allowPrivate) return await send(request);
  const addresses = await addressesOf(request.url, resolve);
  if (addresses.some(isPrivateAddress)) return undefined;
  // Without that client nothing else than an address is sent to, which nobody has to look up.
  if (given || !pinned) return await send(request);
  // A name that leads nowhere now must not be looked up by somebody else.
  return addresses.length > 0
    ? await pinned(request, body, addresses)
    : undefined;
}

/** The beginning of a body, and nothing of one that is longer. */
async function readStart(
  response: Response,
  most: number,
): Promise<string | undefined> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  try {
    if (most === 0) return "";
    const decoder = new TextDecoder();
    let text = "";
    for (let size = 0;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      size += value.byteLength;
      if (size > most) return undefined;
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
