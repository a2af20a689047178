// Reads one HTML tag or comment at a place in a text.

/** What a tag, or a comment, means to a reader of links. */
export interface Tag {
  /** Lower case; empty for a comment. */
  readonly name: string;
  /** Whether it is `</name>`. */
  readonly closing: boolean;
  /** Where the text goes on. */
  readonly end: number;
  /** Its `href` and `src`. */
  readonly destinations: readonly string[];
  /** Its `id`, and the `name` of an `a`. */
  readonly anchors: readonly string[];
}

/** No tag that a person writes is longer; it bounds what an unclosed quote can cost. */
const LONGEST_TAG = 4000;

const ATTRIBUTES =
  /^(?:\s+[a-z_:@][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*\/?$/i;

/** The tag whose `<` is at `at`, if one is. `lastCommentEnd` saves a vain search for the end of a comment. */
export function readTag(
  text: string,
  at: number,
  lastCommentEnd: number,
): Tag | undefined {
  if (text.startsWith("<!--", at)) {
    if (lastCommentEnd < at + 4) return undefined;
    const end = text.indexOf("-->", at + 4);
    const comment = { name: "", closing: false, destinations: [], anchors: [] };
    return { ...comment, end: end + 3 };
  }
  const start = /<(\/?)([a-z][a-z0-9-]{0,40})(?=[\s/>])/iy;
  start.lastIndex = at;
  const found = start.exec(text);
  if (!found) return undefined;
  const end = tagEnd(text, at + found[0].length);
  if (end < 0) return undefined;
  const inside = text.slice(at + found[0].length, end);
  // "<LICENSE or [link](url)>" is prose between angle brackets.
  if (!ATTRIBUTES.test(inside)) return undefined;
  const name = found[2]!.toLowerCase();
  const attributes = readAttributes(inside);
  const pick = (keys: readonly string[]): string[] =>
    keys.flatMap((key) => attributes.get(key) ?? []).filter((v) => v !== "");
  return {
    name,
    closing: found[1] === "/",
    end: end + 1,
    destinations: pick(name === "a" ? ["href"] : ["src"]),
    anchors: pick(name === "a" ? ["id", "name"] : ["id"]),
  };
}

/** Where the `>` is that ends a tag, or -1. */
function tagEnd(text: string, from: number): number {
  let quote = "";
  for (let at = from; at < text.length && at - from < LONGEST_TAG; at++) {
    const char = text[at]!;
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === ">") return at;
    else if (char === "<") return -1;
  }
  return -1;
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  const pattern =
    /([a-z_:][\w:.-]{0,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))/gi;
  for (const [, name, double, single, bare] of text.matchAll(pattern)) {
    const value = (double ?? single ?? bare ?? "").replaceAll("&amp;", "&");
    attributes.set(name!.toLowerCase(), value.trim());
  }
  return attributes;
}
