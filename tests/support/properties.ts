// fast-check with one seed for all runs, so that a commit is judged by its own change and not by luck.
//
// PROPERTY_SEED=random looks where nobody has looked yet, PROPERTY_SEED=123 looks at what that seed found.
import fc from "fast-check";

interface WithEnvironment {
  readonly process?: { readonly env?: Readonly<Record<string, string>> };
}

/** The seed of every property: 0, or what `PROPERTY_SEED` says. */
function seedOf(wanted: string | undefined): number | undefined {
  if (wanted === undefined) return 0;
  if (wanted === "random") return undefined;
  const seed = Number(wanted);
  if (wanted !== "" && Number.isInteger(seed)) return seed;
  throw new Error(`PROPERTY_SEED is neither "random" nor a number: ${wanted}`);
}

const { process } = globalThis as WithEnvironment;
const seed = seedOf(process?.env?.["PROPERTY_SEED"]);
if (seed !== undefined) fc.configureGlobal({ seed });

export default fc;
