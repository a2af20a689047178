// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type {
  AggregateMetrics,
  ApiRoot,
  ConnectionInfo,
  Connections,
  Liveness,
  ServerRoot,
  SocketStats,
  SystemHealth,
  SystemInfo,
} from "./protocol/mod.ts";

/** The server itself. Everything here is retried. */
export interface SystemResource {
  /**
   * Says how the server thinks it is: `degraded`, on today's server, also when all is well. Use `liveness()` to see
   * whether it answers. Needs no token.
   *
   * @param options Options of the call.
   */
  health(options?: CallOptions): Promise<SystemHealth>;

  /**
   * Says what the server is, and who you are to it. Works without a token as well.
   *
   * @param options Options of the call.
   */
  info(options?: CallOptions): Promise<SystemInfo>;

  /**
   * Gets figures of a workspace.
   *
   * @param workspaceId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, also where it is somebody else's.
   */
  aggregateMetrics(
    workspaceId: string,
    options?: CallOptions,
  ): Promise<AggregateMetrics>;

  /**
   * Whether the server answers at all. Needs no token.
   *
   * @param options Options of the call.
   */
  liveness(options?: CallOptions): Promise<Liveness>;

  /**
   * Says what answers at the root of the server. Needs no token.
   *
   * @param options Options of the call.
   */
  root(options?: CallOptions): Promise<ServerRoot>;

  /**
   * Says what answers where the API begins. Needs no token.
   *
   * @param options Options of the call.
   */
  api(options?: CallOptions): Promise<ApiRoot>;

  /**
   * Counts the open sockets of the server. Needs no token.
   *
   * @param options Options of the call.
   */
  socketStats(options?: CallOptions): Promise<SocketStats>;

  /**
   * Lists the open sockets of the server. Needs no token.
   *
   * @param options Options of the call.
   */
  connections(options?: CallOptions): Promise<Connections>;

  /**
   * Gets an open socket of the server. Needs no token.
   *
   * @param connectionId `conn_…`
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, once it is closed.
   */
  connection(
    connectionId: string,
    options?: CallOptions,
  ): Promise<ConnectionInfo>;
}
