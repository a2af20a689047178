// Web standards only.
import type { JsonObject } from "../../http/mod.ts";

/** Settings of a workspace, complete: the server replaces what it has, and resets to defaults what is left out. */
export interface WorkspaceSettings {
  /** 1 to 100; the server stores it and never enforces it. Its default is 10. */
  readonly max_sandboxes: number;
  /** Stored, without effect. The server's default is true. */
  readonly auto_cleanup: boolean;
  /** 1 to 365; stored, without effect. The server's default is 30. */
  readonly retention_days: number;
  /** Free form. The server's default is empty. */
  readonly collaboration_policy: JsonObject;
}

/** A workspace. */
export interface Workspace {
  /** `ws_…` */
  readonly workspace_id: string;
  /** Whose it is. */
  readonly user_id: string;
  /** 1 to 100 characters. */
  readonly name: string;
  /** At most 1000 characters. */
  readonly description: string | null;
  /** Complete. */
  readonly settings: WorkspaceSettings;
  /** What the guides call `status`; a workspace that is not active works like any other. */
  readonly is_active: boolean;
  /** UTC without a zone; see {@linkcode parseDate}. */
  readonly created_at: string | null;
  /** UTC without a zone. */
  readonly updated_at: string | null;
}

/** A workspace in a list. */
export interface WorkspaceSummary {
  /** `ws_…` */
  readonly workspace_id: string;
  /** Its name. */
  readonly name: string;
  /** Its description. */
  readonly description: string | null;
  /** How many sandboxes it has. */
  readonly sandbox_count: number;
  /** UTC without a zone. */
  readonly created_at: string | null;
}

/** What a workspace is created from. */
export interface CreateWorkspace {
  /** 1 to 100 characters. */
  readonly name: string;
  /** At most 1000 characters. */
  readonly description?: string | null | undefined;
  /** What is left out gets the server's defaults. */
  readonly settings?: Partial<WorkspaceSettings> | null | undefined;
}

/** What of a workspace is to change. What is left out, and `null`, stays as it is; `""` empties a description. */
export interface UpdateWorkspace {
  /** 1 to 100 characters. */
  readonly name?: string | null | undefined;
  /** At most 1000 characters. */
  readonly description?: string | null | undefined;
  /** All of them: the server replaces what it has. To change some, use `patchConfig()`. */
  readonly settings?: WorkspaceSettings | null | undefined;
  /** Stored; it blocks nothing. */
  readonly is_active?: boolean | null | undefined;
}
