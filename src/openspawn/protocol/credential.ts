// Web standards only.

/** Who can use an operation; see {@linkcode OperationMark}. */
export type Credential = "agent" | "apiKey" | "accessToken";

/**
 * What is special about an operation of the table: `!` only agents can use it; `+` with an API key or a user's token it
 * takes effect and is answered with 500; `@` only users can use it; `-` it takes no credential; `~` it is answered with
 * 500, to agents as well. None for what works for all of them.
 */
export type OperationMark = "" | "!" | "+" | "@" | "-" | "~" | "!~";
