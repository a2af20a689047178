// Web standards only.

/** Who logs in. The part before the `@` is case-sensitive. */
export interface Login {
  /** Of the account. */
  readonly email: string;
  /** Of the account. */
  readonly password: string;
}

/** Who registers. */
export interface Register {
  /** Syntactically valid; the server refuses reserved domains such as `.test` and `.local`. */
  readonly email: string;
  /** 8 to 100 characters, of which the server uses 72 bytes. */
  readonly password: string;
  /** At most 255 characters. */
  readonly full_name?: string | null | undefined;
}

/** The tokens of a session. */
export interface TokenPair {
  /** A JWT; lives for 30 minutes. */
  readonly access_token: string;
  /** Gets new access tokens for 7 days; the server does not change it. Absent in the answer to a refresh. */
  readonly refresh_token?: string;
  /** `bearer` */
  readonly token_type: string;
  /** What is configured, in seconds; how long the token really lives stands in it. */
  readonly expires_in: number;
}

/** A user. */
export interface User {
  /** `usr_…` */
  readonly user_id: string;
  /** As registered, the domain in lower case. */
  readonly email: string;
  /** As registered. */
  readonly full_name: string | null;
  /** An inactive user is refused everywhere. */
  readonly is_active: boolean;
}
