// Signing requests: Web Crypto, which works everywhere, against the synchronous createHmac that only servers have.
import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";
import { product } from "./lib/peers.mjs";
import { isTrustworthy, ratio } from "./lib/ratio.mjs";
import { head, ratioCell, row, short } from "./lib/table.mjs";

const secret = "0123456789abcdef".repeat(4);
const agentId = "worker1";
const url = "https://api.example.com/api/v1/tasks";
const now = 1_700_000_000_000;

/** Measures requests of some sizes, one after the other and 64 at once. */
export async function hmac({ rounds, only }) {
  const { createRequestSigner } = await product("openspawn");
  const sign = createRequestSigner({ agentId, secret });
  const key = Buffer.from(secret, "hex");
  head(
    "request",
    "ours, signatures/s",
    "createHmac, signatures/s",
    "ours ÷ createHmac",
    "control",
  );
  let doubtful = 0;
  for (const [name, size] of [["no body", 0], ["1 kB", 1e3], ["100 kB", 1e5]]) {
    const request = {
      method: "POST",
      url,
      body: size ? JSON.stringify({ body: "x".repeat(size) }) : undefined,
    };
    /** The same work: nonce, the server's writing of the body, digest, headers. */
    const peer = () => {
      const nonce = randomBytes(16).toString("hex");
      const time = String(Math.floor(now / 1_000));
      const body = JSON.stringify(JSON.parse(request.body ?? "{}"));
      const text = `POST${new URL(url).pathname}${time}${nonce}${body}`;
      return {
        "x-agent-id": agentId,
        "x-timestamp": time,
        "x-nonce": nonce,
        "x-signature": createHmac("sha256", key).update(text).digest("hex"),
      };
    };
    const ours = () => sign(request, now);
    await agree(sign, request, key);
    for (const [way, times] of [["one by one", 1], ["64 at once", 64]]) {
      const label = `${name} / ${way}`;
      if (!label.includes(only)) continue;
      const all = (one) => () =>
        Promise.all(Array.from({ length: times }, one));
      const [mine, theirs] = [all(ours), all(peer)];
      let result, control;
      for (let turn = 0; turn < 3; turn++) {
        result = await ratio(theirs, mine, { rounds, ms: 10 });
        control = await ratio(mine, mine, { rounds, ms: 10 });
        if (isTrustworthy(control)) break;
      }
      if (!isTrustworthy(control)) doubtful++;
      row(
        label,
        short(1e3 * times / result.msB),
        short(1e3 * times / result.msA),
        ratioCell(result),
        control.median.toFixed(2),
      );
    }
  }
  return doubtful;
}

/** Both have to give the same signature. */
async function agree(sign, request, key) {
  const { "x-signature": signature } = await sign(request, now, "n");
  const text = `POST/api/v1/tasks1700000000n${request.body ?? "{}"}`;
  if (createHmac("sha256", key).update(text).digest("hex") !== signature) {
    throw new Error("The two do not sign the same");
  }
}
