// Web standards only.
import { refuse } from "../../http/mod.ts";

/** Where a server listens unless it is told otherwise. The vendor's SDK lists no other. */
export const DEFAULT_BASE_URL = "http://127.0.0.1:8080";

/**
 * The header that says who asks. Source: the servers know their users by the cookie `flux0_user_sub` alone, and make a
 * user for every new value; without it, everybody is the same anonymous one.
 */
export function identityHeader(userSub: string): string {
  // What a cookie can hold. Source: RFC 6265, §4.1.1.
  if (!/^[!#-+\--:<-[\]-~]+$/.test(userSub)) {
    refuse(
      "userSub",
      "printable ASCII without spaces, quotes, commas, semicolons and backslashes is wanted",
    );
  }
  return `flux0_user_sub=${userSub}`;
}
