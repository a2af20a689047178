// Web standards only.

/** What is there of `members`, so that JSON gets no key without a value. */
export function present<T extends object>(
  members: T,
): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as never;
}

/** `record`, unless it is empty. */
export function filled<T extends object>(record: T): T | undefined {
  return Object.keys(record).length > 0 ? record : undefined;
}
