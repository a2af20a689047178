// Web standards only.

/** What is there of `members`, so that JSON gets no key without a value. */
export function present<T extends object>(
  members: T,
): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> } {
  // A loop, since it is done for every node: lists of entries cost twice as much.
  const found: Record<string, unknown> = {};
  for (const key in members) {
    if (members[key] !== undefined) found[key] = members[key];
  }
  return found as never;
}

/** `record`, unless it is empty. */
export function filled<T extends object>(record: T): T | undefined {
  return Object.keys(record).length > 0 ? record : undefined;
}
