// Web standards only.

/** Asks a schema for a type that JSON keeps as it is, with a sentence where it would not. */
export type PlainJson<T> = UnlessFault<JsonFault<T, "it", 0>>;

/** What nothing is, where there is a fault: the compiler says what it lacks, and that is the sentence. */
export type UnlessFault<Fault> = [Fault] extends [never] ? unknown
  : { readonly [Sentence in Fault & string]: true };

/** One deeper; at 4 nobody looks any more, for types that contain themselves. */
export interface Deeper {
  /** The next depth. */
  readonly 0: 1;
  /** The next depth. */
  readonly 1: 2;
  /** The next depth. */
  readonly 2: 3;
  /** The next depth. */
  readonly 3: 4;
}

/**
 * What JSON keeps, so that most types need one comparison and no look at their fields. An interface is never among them,
 * whatever is in it.
 */
export type SurelyPlain =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly SurelyPlain[]
  | { readonly [key: string]: SurelyPlain };

/** A sentence for each part of `T` that JSON would change. */
export type JsonFault<T, At extends string, Depth> = unknown extends T ? never
  : T extends SurelyPlain ? never
  : T extends bigint | symbol ? `${At} would not survive JSON: use a string`
  : T extends { getTime(): number }
    ? `${At} is a Date, which JSON makes a string: give text`
  : T extends { readonly size: number; has(entry: never): boolean }
    ? `${At} is a Map or a Set, which JSON empties: give an object or a list`
  : Depth extends keyof Deeper
    ? T extends readonly (infer Entry)[]
      ? JsonFault<Entry, `an entry of ${At}`, Deeper[Depth]>
    : FaultOfFields<T, At, Deeper[Depth]>
  : never;

/** {@linkcode JsonFault} of an object: one with methods is an instance of a class. */
export type FaultOfFields<T, At extends string, Depth> = T extends
  (...given: never[]) => unknown
  ? `${At} would not survive JSON: it is a function`
  : {
    readonly [Key in keyof T & string]-?: T[Key] extends
      (...given: never[]) => unknown
      ? `${At} has the method "${Key}" and is no plain object: JSON would drop it`
      : JsonFault<
        T[Key],
        At extends "it" ? `"${Key}"` : `"${Key}" of ${At}`,
        Depth
      >;
  }[keyof T & string];
