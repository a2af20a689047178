// Web standards only.
import { InvalidArgumentError } from "../src/openwop/mod.ts";
import {
  findJsonProblem,
  type StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";
import type { Place } from "./place.ts";
import { scopeOf } from "./scope.ts";

/**
 * What `work` gives. Plain JavaScript may hand over what the types refuse, and that is a TypeError somewhere: it is told
 * with the place that the author knows.
 *
 * @param says What of it: the words of the engine say something only to the author of what has failed.
 * @throws {InvalidArgumentError} `invalid-argument`, whose cause is that TypeError.
 */
export function within<T>(
  path: string,
  work: () => T,
  says: (error: TypeError) => string = () =>
    "a part of it is not of the type that is wanted there",
): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InvalidArgumentError(path, says(error), { cause: error });
  }
}

/**
 * What a function of the author gives.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, where it is none, or with the words of a TypeError in it.
 */
export function called<T>(
  path: string,
  work: (...given: never[]) => T,
  ...given: unknown[]
): T {
  wanted(path, "function", work);
  return within(
    path,
    () => work(...given as never[]),
    ({ message }) => message,
  );
}

/**
 * `value`, which must be of this sort.
 *
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export function wanted<T>(
  path: string,
  sort: "object" | "string" | "function" | "list",
  value: T,
): T {
  // Of a proxy that was revoked not even this can be said.
  const isList = within(path, () => Array.isArray(value));
  if (
    isList ? sort === "list" : typeof value === sort && value !== null
  ) {
    return value;
  }
  throw new InvalidArgumentError(path, `it must be of the type ${sort}`);
}

/**
 * What the function of an author gives for the references at `place`.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, where there is no function, or it gives nothing.
 */
export function asked<T>(
  path: string,
  { graph }: Place,
  ask: (refs: never) => T,
): T {
  const given = typeof ask === "function" &&
    called(path, ask, scopeOf(graph));
  if (
    typeof given === "object" && given &&
    within(path, () => !(given instanceof Promise))
  ) {
    return given;
  }
  throw new InvalidArgumentError(
    path,
    "a function is wanted that gives an object or a reference, as in ({ input }) => ({ text: input.text })",
  );
}

/**
 * The reference or literal that the function of an author gives.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, where it is no function, or gives nothing.
 */
export function valueAt<T>(
  name: string,
  { graph }: Place,
  value: (refs: never) => T,
): T {
  const path = `${name}.value`;
  const given = called(path, value, scopeOf(graph));
  if (given !== undefined) return given;
  throw new InvalidArgumentError(path, "it gives nothing");
}

/**
 * A copy of `value`, which must be JSON.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, with the path to what is not.
 */
export function jsonAt<T>(path: string, value: T): T {
  return within(path, () => {
    const found = findJsonProblem(value);
    if (found) {
      throw new InvalidArgumentError(path + found.pointer, found.problem);
    }
    return JSON.parse(JSON.stringify(value)) as T;
  });
}

/**
 * `answer`, which there must be: a function, or JSON.
 *
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export function answerAt<T>(path: string, answer: T): T {
  if (typeof answer === "function") return answer;
  if (answer !== undefined) return jsonAt(path, answer);
  throw new InvalidArgumentError(path, "an answer is wanted, as accept() is");
}

/** Refuses a name that is no text, and options that are none. */
export function checkNamed(name: string, options: object | null = {}): void {
  wanted(`${wanted("name", "string", name)}.options`, "object", options);
}

/**
 * The runs of a client, which must have this method.
 *
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export function runsOf<Runs>(
  client: { readonly runs: Runs },
  method: keyof Runs & string,
): Runs {
  return within("client.runs", () => {
    const { runs } = client ?? {};
    wanted(`client.runs.${method}`, "function", runs?.[method]);
    return runs!;
  });
}

/**
 * `schema`, which must be a Standard Schema.
 *
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export function schemaAt<T extends StandardSchemaV1>(
  path: string,
  schema: T,
): T {
  if (within(path, () => schema?.["~standard"])) return schema;
  throw new InvalidArgumentError(
    path,
    "a Standard Schema is wanted, or type<T>()",
  );
}

/**
 * What `work` makes of a definition or a picture.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, with the path to what is missing where `value` is neither.
 */
export function graphAt<T>(
  path: string,
  value: object,
  work: () => T = () => value as T,
): T {
  return within(path, () => {
    const { nodes, edges } = (value ?? {}) as Readonly<Record<string, unknown>>;
    if (!Array.isArray(nodes) || !Array.isArray(edges)) {
      throw new InvalidArgumentError(
        path,
        "a definition is wanted, as in workflow.definition",
      );
    }
    for (const [list, all] of Object.entries({ nodes, edges })) {
      for (const [index, each] of all.entries()) {
        wanted(`${path}.${list}.${index}`, "object", each);
      }
    }
    return work();
  });
}
