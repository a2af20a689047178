// Web standards only.

/** How the server says it is. It says `degraded` and `disconnected` also when all is well: gate nothing on it. */
export interface SystemHealth {
  /** `healthy`, `degraded` or `unhealthy`. */
  readonly status: string;
  /** UTC without a zone, with microseconds. */
  readonly timestamp: string;
  /** Of the server. */
  readonly version: string;
  /** `connected` or not. */
  readonly database: string;
  /** `connected` or not. */
  readonly message_bus: string;
}

/** What the server says about itself, and about you. */
export interface SystemInfo {
  /** Of the product. */
  readonly name: string;
  /** Of the server. */
  readonly version: string;
  /** In words. */
  readonly description: string;
  /** For example `development`. */
  readonly environment: string;
  /** That it runs on. */
  readonly python_version: string;
  /** That it runs on. */
  readonly platform: string;
  /** Whether the call carried a token that is good. */
  readonly authenticated: boolean;
  /** Who you are. */
  readonly user_id?: string;
  /** Who you are. */
  readonly email?: string;
}

/** Figures of a workspace. */
export interface AggregateMetrics {
  /** `ws_…` */
  readonly workspace_id: string;
  /** At most 100 are looked at. */
  readonly sandboxes: {
    /** How many. */
    readonly total: number;
    /** How many of each status. */
    readonly by_status: Readonly<Record<string, number>>;
  };
  /** Of the newest 100. */
  readonly messages: {
    /** How many. */
    readonly total: number;
    /** How many of each type. */
    readonly by_type: Readonly<Record<string, number>>;
    /** How many of each status. */
    readonly by_status: Readonly<Record<string, number>>;
  };
  /** All zero today. */
  readonly collaborations: {
    /** Under way. */
    readonly active: number;
    /** Done. */
    readonly completed: number;
    /** Not done. */
    readonly failed: number;
  };
  /** UTC without a zone, with microseconds. */
  readonly timestamp: string;
}

/** Whether the process answers: the one probe to trust. */
export interface Liveness {
  /** `healthy` */
  readonly status: string;
  /** Of the server. */
  readonly version: string;
}

/** What the server says at its root. */
export interface ServerRoot {
  /** Of the product. */
  readonly name: string;
  /** Of the server. */
  readonly version: string;
  /** `running` */
  readonly status: string;
  /** Where its documentation is. */
  readonly docs: string;
}

/** What the server says where its API begins. */
export interface ApiRoot {
  /** Of the product. */
  readonly message: string;
  /** Of the server. */
  readonly version: string;
  /** Where its documentation is. */
  readonly docs: string;
}

/** How many sockets the server has open. */
export interface SocketStats {
  /** Connections. */
  readonly total_connections: number;
  /** Different users. */
  readonly unique_users: number;
  /** Different workspaces. */
  readonly unique_workspaces: number;
  /** Different agents. */
  readonly unique_agents: number;
  /** Topics with a subscriber. */
  readonly active_topics: number;
}

/** A socket that the server has open. */
export interface ConnectionInfo {
  /** `conn_…` */
  readonly connection_id: string;
  /** As the client said. */
  readonly user_id: string | null;
  /** As the client said. */
  readonly workspace_id: string | null;
  /** As the client said. */
  readonly agent_id: string | null;
  /** Its topics; nothing is ever published to them. */
  readonly subscriptions: readonly string[];
  /** `connected` */
  readonly state: string;
  /** Unix seconds. */
  readonly connected_at: number;
  /** Seconds. */
  readonly duration_seconds: number;
}

/** All sockets that the server has open. */
export interface Connections {
  /** How many. */
  readonly total_connections: number;
  /** Each. */
  readonly connections: readonly ConnectionInfo[];
}
