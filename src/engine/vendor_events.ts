// Web standards only.
import { isEventType } from "../openwop/protocol/mod.ts";

const vendorType =
  /^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)?$/;

const taken: ReadonlySet<string> = new Set([
  "openwop",
  "core",
  "community",
  "vendor",
  "private",
  "local",
]);

/**
 * Whether `type` is a name that a vendor may give its own event: two or three parts in lower case, none of the
 * protocol's, and not within a name space of node types. Source: v2 §7.1.
 *
 * @param type For example `acme.order-shipped`.
 */
export function isVendorType(type: string): boolean {
  return type.length <= 128 && vendorType.test(type) && !isEventType(type) &&
    !taken.has(type.slice(0, type.indexOf(".")));
}
