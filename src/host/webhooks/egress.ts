// Web standards only.

/** Gives the addresses of a name; empty where it is not known. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * Why nothing is sent to an address, `undefined` when something may be: by default only `https:` and only to names and
 * addresses that may be public, so that whoever registers a webhook does not reach into the network of the host.
 *
 * @param url As it was registered.
 * @param allowPrivate Whether everything goes.
 */
export function refusalOf(
  url: string,
  allowPrivate: boolean,
): string | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return "it is no URL";
  }
  const { protocol, hostname, username, password } = parsed;
  if (username !== "" || password !== "") return "it holds credentials";
  if (allowPrivate && protocol === "http:") return undefined;
  if (protocol !== "https:") return "https: is wanted";
  if (allowPrivate) return undefined;
  return isPrivateName(hostname) || isPrivateAddress(hostname)
    ? "it is not public"
    : undefined;
}

/** Whether the host of a URL is an address, and no name: a parsed URL has them in these two forms. */
export function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^\d+(\.\d+){3}$/.test(hostname);
}

/** The addresses behind the name of `url`. */
export async function addressesOf(
  url: string,
  resolve: Resolve,
): Promise<readonly string[]> {
  return await resolve(new URL(url).hostname.replace(/^\[|\]$/g, ""));
}

/** Asks the name service of the runtime; says nothing where there is none, and for names that it does not know. */
export const resolveBySystem: Resolve = async (hostname) => {
  const { process } = globalThis as {
    readonly process?: { getBuiltinModule?(name: string): unknown };
  };
  const dns = process?.getBuiltinModule?.("node:dns/promises") as {
    lookup(
      hostname: string,
      options: { readonly all: true },
    ): Promise<readonly { readonly address: string }[]>;
  } | undefined;
  if (!dns) return [];
  try {
    const found = await dns.lookup(hostname, { all: true });
    return found.map(({ address }) => address);
  } catch {
    // The attempt to send says what is wrong.
    return [];
  }
};

function isPrivateName(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, "");
  return /(^|\.)(localhost|local|internal|lan|home\.arpa|intranet)$/.test(
    name,
  ) || !name.includes(".") && !name.startsWith("[");
}

/** Loopback, private, link-local (with the metadata services of clouds), shared, reserved and multicast ranges. */
export function isPrivateAddress(hostname: string): boolean {
  const text = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (v4) return isPrivateV4(v4.slice(1).map(Number));
  if (!text.includes(":")) return false;
  const words = wordsOf(text);
  // What cannot be read is not trusted.
  if (words === undefined) return true;
  const [first = 0, second = 0] = words;
  const embedded = embeddedV4(words);
  if (embedded) return isPrivateV4(embedded);
  // Nothing else is routed on the internet, and not all of this: Teredo, and what documents use.
  return (first & 0xe000) !== 0x2000 ||
    (first === 0x2001 && (second === 0 || second === 0xdb8)) ||
    (first & 0xfff0) === 0x3ff0;
}

/** IPv4 in IPv6: mapped, translated (NAT64, of the network that all share) and 6to4. */
function embeddedV4(words: readonly number[]): number[] | undefined {
  const bytes = (high = 0, low = 0): number[] => [
    high >> 8,
    high & 255,
    low >> 8,
    low & 255,
  ];
  const starts = (...wanted: number[]): boolean =>
    wanted.every((word, n) => words[n] === word);
  if (
    starts(0, 0, 0, 0, 0, 0xffff) || starts(0, 0, 0, 0, 0xffff, 0) ||
    starts(0x64, 0xff9b, 0, 0, 0, 0)
  ) return bytes(words[6], words[7]);
  if (starts(0x2002)) return bytes(words[1], words[2]);
  return undefined;
}

function isPrivateV4([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  return a === 0 || a === 10 || a === 127 || a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)))) ||
    (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) ||
    (a === 203 && b === 0 && c === 113);
}

/** The eight words of an IPv6 address. */
function wordsOf(text: string): number[] | undefined {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain = dotted
    ? `${dotted[1]}${
      [[2, 3], [4, 5]].map(([high, low]) =>
        (Number(dotted[high!]) * 256 + Number(dotted[low!])).toString(16)
      ).join(":")
    }`
    : text.replace(/%.*$/, "");
  const [head = "", tail, more] = plain.split("::");
  if (more !== undefined) return undefined;
  const parse = (part: string): number[] =>
    part === ""
      ? []
      : part.split(":").map((word) =>
        /^[0-9a-f]{1,4}$/.test(word) ? parseInt(word, 16) : NaN
      );
  const [left, right] = [parse(head), parse(tail ?? "")];
  const gap = 8 - left.length - right.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const words = [...left, ...Array<number>(gap).fill(0), ...right];
  return words.some(Number.isNaN) ? undefined : words;
}
