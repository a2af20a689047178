import assert from "node:assert/strict";
import test from "node:test";
import { signHmac } from "@tutti/sdk/http";
import { checkSignatures } from "../../../src/http/signed_headers.ts";

/** The bytes, and how many of them were read. */
function counted(bytes: Uint8Array): { bytes: Uint8Array; reads(): number } {
  let reads = 0;
  return {
    bytes: new Proxy(bytes, {
      get(target, key): unknown {
        if (typeof key === "string" && /^\d+$/.test(key)) reads++;
        return Reflect.get(target, key, target);
      },
    }),
    reads: () => reads,
  };
}

test("checkSignatures() reads all of every signature under every secret, whichever fits and wherever the others differ", async () => {
  const secrets = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
  const message = new TextEncoder().encode("message");
  for (const fitting of [0, 1, 2, undefined]) {
    const right = await signHmac(secrets[fitting ?? 0]!, message);
    // Without the one that fits, one that differs in its first byte and one in its last.
    const wrong = [0, 31].map((place) => {
      const other = Uint8Array.from(right);
      other[place]! ^= 1;
      return other;
    });
    const given = [...wrong, ...(fitting === undefined ? [] : [right])]
      .map(counted);
    const check = checkSignatures(
      secrets,
      message,
      given.map(({ bytes }) => bytes),
      "x-signature",
    );
    if (fitting === undefined) {
      await assert.rejects(check, { check: "mismatch" });
    } else await check;
    for (const { reads } of given) assert.equal(reads(), 3 * 32);
  }
});
