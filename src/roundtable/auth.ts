// Web standards only.
import type { CallOptions, OnceCallOptions } from "../http/mod.ts";
import type { Session } from "./credentials.ts";
import type { Login, Register, TokenPair, User } from "./protocol/mod.ts";

/** Who you are to the server. A client with a password in its options needs nothing of this. */
export interface AuthResource {
  /** The tokens as they stand: keep them, and hand them to a client as its options to go on without a login. */
  readonly session: Session;

  /**
   * Makes an account, and logs this client in. Never repeated.
   *
   * @param request Who.
   * @param options Options of the call.
   * @throws {RoundTableError} `bad-request` where the address has an account, `validation` for an address or a password
   * that will not do.
   */
  register(request: Register, options?: OnceCallOptions): Promise<TokenPair>;

  /**
   * Logs this client in; calls that follow carry the new token, and it is renewed as long as its refresh token lives.
   * The password is not kept. Retried.
   *
   * @param request Who.
   * @param options Options of the call.
   * @throws {RoundTableError} `authentication` for a wrong email or password, `forbidden` for an inactive user.
   */
  login(request: Login, options?: CallOptions): Promise<TokenPair>;

  /**
   * Renews the access token now. The client does so by itself when it is time. Where there is neither a refresh token
   * nor a password, nothing happens.
   *
   * @throws {RoundTableError} `authentication`, when the refresh token is not good any more and there is no password.
   */
  refresh(): Promise<void>;

  /**
   * Tells the server, and forgets the tokens. The server forgets nothing: whoever has the tokens can use them until
   * they end. A client with a password in its options logs in again with its next call.
   *
   * @param options Options of the call.
   */
  logout(options?: CallOptions): Promise<void>;

  /**
   * Tells who you are. Retried.
   *
   * @param options Options of the call.
   * @throws {RoundTableError} `authentication`.
   */
  me(options?: CallOptions): Promise<User>;
}
