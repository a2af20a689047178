// Web standards only.

/** Who you are. Any of these will do; with a refresh token or a password the session renews itself. */
export interface Credentials {
  /**
   * What the guides call an API key: an access token of the server, which lives for 30 minutes; there is nothing that
   * lives longer. A function is asked for each call, and once more when the server refuses what it gave.
   */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined;
  /** Gets new access tokens for 7 days. */
  readonly refreshToken?: string | undefined;
  /** Logs in by itself, with `password`. */
  readonly email?: string | undefined;
  /** Logs in by itself, with `email`; in a browser use `auth.login()` instead. */
  readonly password?: string | undefined;
  /** Whether `password` may be given in a browser. @default false */
  readonly allowSecretsInBrowser?: boolean | undefined;
}

/** The tokens of a session, to keep and to hand to another client. */
export interface Session {
  /** For the option `apiKey`. */
  readonly apiKey?: string | undefined;
  /** For the option `refreshToken`. */
  readonly refreshToken?: string | undefined;
}
