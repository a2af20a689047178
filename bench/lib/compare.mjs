// Compares one of ours with several of others, one row for each payload.
import { isTrustworthy, ratio } from "./ratio.mjs";
import { head, ratioCell, row, short } from "./table.mjs";

/**
 * Prints the table. A row whose control is off is measured again, twice at most: on a shared machine the neighbours come
 * and go.
 *
 * @param payloads What to measure with.
 * @param ours Makes the function to measure from a payload.
 * @param peers Name to the same of a peer.
 * @param isSame Whether what a peer gives is what ours gives.
 * @param settings For {@linkcode ratio}.
 * @returns How many rows cannot be trusted.
 */
export async function compare({ payloads, ours, peers, isSame, settings }) {
  const names = Object.keys(peers);
  head(
    "stream",
    "M events/s",
    "MB/s",
    ...names.map((name) => `${name} ÷ ours`),
    "control",
  );
  let doubtful = 0;
  for (const payload of payloads) {
    const mine = ours(payload);
    const wanted = await mine();
    const different = new Set();
    for (const name of names) {
      if (!isSame(await peers[name](payload)(), wanted, payload)) {
        different.add(name);
      }
    }
    let cells, speed, control;
    for (let turn = 0; turn < 3; turn++) {
      cells = [];
      const times = [];
      for (const name of names) {
        if (different.has(name)) {
          cells.push("reads something else");
          continue;
        }
        const result = await ratio(mine, peers[name](payload), settings);
        times.push(result.msA);
        cells.push(ratioCell(result));
      }
      control = await ratio(mine, mine, settings);
      speed = Math.min(...times, control.msA);
      if (isTrustworthy(control)) break;
    }
    if (!isTrustworthy(control)) doubtful++;
    row(
      payload.name,
      short(payload.events / speed / 1e3),
      short(payload.bytes / speed / 1e3),
      ...cells,
      control.median.toFixed(2),
    );
  }
  return doubtful;
}
