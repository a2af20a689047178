// Web standards only.

/** Distances between the nodes of a drawn definition. */
const across = 240;
const down = 120;

/** A place on the sheet of an editor. */
export interface Position {
  /** To the right. */
  readonly x: number;
  /** Down. */
  readonly y: number;
}

/**
 * Places nodes in layers: each to the right of everything that it comes after, the nodes of a layer one below the
 * other, centred. The same graph always gives the same picture.
 *
 * @param ids In topological order.
 * @param sourcesOf What each node comes after.
 */
export function layout(
  ids: readonly string[],
  sourcesOf: (id: string) => readonly string[],
): ReadonlyMap<string, Position> {
  const layers = new Map<string, number>();
  const members: string[][] = [];
  for (const id of ids) {
    let layer = 0;
    for (const source of sourcesOf(id)) {
      layer = Math.max(layer, (layers.get(source) ?? -1) + 1);
    }
    layers.set(id, layer);
    (members[layer] ??= []).push(id);
  }
  const positions = new Map<string, Position>();
  members.forEach((layer, column) =>
    layer.forEach((id, row) =>
      positions.set(id, {
        x: column * across,
        y: (row - (layer.length - 1) / 2) * down,
      })
    )
  );
  return positions;
}
