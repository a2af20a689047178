// Web standards only.
import { own } from "../http/mod.ts";
import type { JsonValue } from "../http/mod.ts";

/**
 * What a discovery document says about a capability: `true` it is offered, `false` it is said not to be, `undefined` not
 * a word.
 *
 * Version 2: the record, and the facet in it, are there or they are not; silence means no. Version 1: `supported` or the
 * flag itself says so, at the root, in the `capabilities` wrapper, or under the dotted mirror. Source: v2 §3.1, §16;
 * v1 §4.2.
 *
 * @param document As it came.
 * @param capability A family, or `family.facet`.
 * @param major Whose document it is.
 */
export function offers(
  document: JsonValue,
  capability: string,
  major: 1 | 2,
): boolean | undefined {
  const [family = "", ...facets] = capability.split(".");
  const roots = major === 2 ? [own(document, family)] : [
    own(document, family),
    own(own(document, "capabilities"), family),
    own(document, `host.${family}`),
  ];
  const found = roots.map((root) => verdict(root, facets, major));
  return found.includes(true) || (found.includes(false) ? false : undefined);
}

function verdict(
  family: JsonValue | undefined,
  facets: readonly string[],
  major: 1 | 2,
): boolean | undefined {
  let value = family;
  for (const facet of ["", ...facets]) {
    if (facet) value = own(value, facet);
    const said = value === false ? false : own(value, "supported");
    if (value === undefined || said === false) return said as false | undefined;
  }
  // In version 1 an object without a word may describe what is not there.
  return major === 2 || value === true || own(value, "supported") === true ||
    undefined;
}
