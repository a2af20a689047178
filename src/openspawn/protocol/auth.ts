// Web standards only.
import type { UserRole } from "./enums.ts";

/** Who wants in. */
export interface LoginRequest {
  /** Of the user. */
  readonly email: string;
  /** Of the user. */
  readonly password: string;
  /** UUID of the organisation, where the user has several. */
  readonly orgId?: string | undefined;
  /** The second factor. */
  readonly totpCode?: string | undefined;
}

/** Tokens of a user. */
export interface UserTokens {
  /** For `accessToken` of the client; good for `expiresIn`. */
  readonly accessToken: string;
  /** For `auth.refresh()`; good for seven days. */
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** A user. */
export interface User {
  /** UUID. */
  readonly id: string;
  /** Of the user. */
  readonly email: string;
  /** For people. */
  readonly name: string;
  /** What the user may do. */
  readonly role: UserRole;
}

/** What a login gives: tokens, or the wish for a second factor. */
export type LoginResult =
  | UserTokens & {
    readonly user: User;
    readonly requiresTwoFactor?: undefined;
  }
  | {
    readonly requiresTwoFactor: true;
    readonly message: string;
    readonly accessToken?: undefined;
  };
