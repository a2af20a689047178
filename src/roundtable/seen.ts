// Web standards only.

/** Ids that were there before. It keeps the last `limit` that were seen or seen again. */
export function createSeen(limit: number): (id: string) => boolean {
  const ids = new Set<string>();
  return (id) => {
    // An id that comes again is one that the server still has.
    const known = ids.delete(id);
    ids.add(id);
    if (ids.size > limit) ids.delete(ids.values().next().value!);
    return known;
  };
}
