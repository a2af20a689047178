// Web standards only.
import type { Credential } from "./protocol/mod.ts";

/** What stands in the place of a method that only agents can use. */
export type NeedsAgent =
  "this operation needs an agent: make the client with agentId and secret";

/** What stands in the place of a method that only users can use. */
export type NeedsUser =
  "this operation needs a user: make the client with accessToken";

/**
 * The methods of a resource, for whoever the client stands for.
 *
 * An API key or a user's token is no agent to the server. `AgentOnly` methods are not there for them, and
 * `Unanswered` ones have no result: they take effect, and the server answers 500. Where the credential is not known to
 * the compiler, only what works for all of them is there.
 */
export type ForCredential<
  Who extends Credential,
  Methods,
  AgentOnly extends keyof Methods,
  Unanswered extends keyof Methods = never,
> = [Who] extends ["agent"] ? Methods
  :
    & Omit<Methods, AgentOnly | Unanswered>
    & { readonly [Name in AgentOnly]: NeedsAgent }
    & { readonly [Name in Unanswered]: WithoutResult<Methods[Name]> };

/** The methods of a resource of users. */
export type ForUsers<Who extends Credential, Methods> = [Who] extends
  ["accessToken"] ? Methods
  : { readonly [Name in keyof Methods]: NeedsUser };

/**
 * The result of an operation that the released server answers with 500 after it has taken effect: that it fails says
 * nothing about whether it was done. Such operations are sent once.
 */
export type UncertainPromise<Result> = Promise<Result>;

/** A method that takes effect and then fails. */
export type WithoutResult<M> = M extends
  (...args: infer Args) => Promise<unknown> ? (...args: Args) => Promise<never>
  : never;
