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
 * @param levels The layer of each node.
 * @param ids In the order in which they stand below each other.
 */
export function layout(
  levels: ReadonlyMap<string, number>,
  ids: readonly string[],
): ReadonlyMap<string, Position> {
  const layers: string[][] = [];
  for (const id of ids) (layers[levels.get(id) ?? 0] ??= []).push(id);
  return new Map(layers.flatMap((layer, column) =>
    layer.map((id, row) => [id, {
      x: column * across,
      y: (row - (layer.length - 1) / 2) * down,
    }])
  ));
}
