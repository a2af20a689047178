// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { ForUsers } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/** Tokens of users. Neither `login()` nor `refresh()` sends a credential. */
export interface AuthMethods {
  /**
   * Gets tokens for a user, or the wish for a second factor.
   *
   * @throws {OpenSpawnError} 401, 400 without an organisation.
   */
  login(
    login: Wire.LoginRequest,
    options?: CallOptions,
  ): Promise<Wire.LoginResult>;
  /** Gets new tokens. */
  refresh(
    token: { readonly refreshToken: string },
    options?: CallOptions,
  ): Promise<Wire.UserTokens>;
  /** Gets the user. There is no such thing for agents. */
  me(options?: CallOptions): Promise<Wire.User>;
}

/** {@linkcode AuthMethods}, for whoever the client stands for. */
export type AuthResource<Who extends Wire.Credential> =
  & Pick<AuthMethods, "login" | "refresh">
  & ForUsers<Who, Pick<AuthMethods, "me">>;
