// Web standards only.
import type { CallOptions } from "../http/mod.ts";

/** Files of a workspace; version 1 only. Capability `workspace`. Source: v1 §5.2. */
export interface WorkspaceResource {
  /** Gets all files below a prefix, without their content. Retried. */
  list(
    query?: { readonly prefix?: string | undefined },
    options?: CallOptions,
  ): Promise<{ readonly files: readonly WorkspaceFileInfo[] }>;
  /** Gets a file. Retried. */
  read(
    path: string,
    query?: { readonly version?: number | undefined },
    options?: CallOptions,
  ): Promise<WorkspaceFile>;
  /**
   * Writes a file. Sent under an idempotency key and retried. A header `If-Match` in the options keeps it from
   * overwriting what somebody else wrote.
   *
   * @throws {OpenwopError} 409 `workspace_conflict` with `details.currentVersion`, 413 `workspace_too_large`.
   */
  write(
    path: string,
    file: {
      readonly content: string;
      readonly contentType?: string | undefined;
    },
    options?: CallOptions,
  ): Promise<WorkspaceFile>;
  /** Deletes a file. Sent under an idempotency key and retried. */
  delete(path: string, options?: CallOptions): Promise<void>;
}

/** A file of a workspace, with its content. */
export interface WorkspaceFile extends WorkspaceFileInfo {
  /** Its text. */
  readonly content: string;
}

/** A file of a workspace. */
export interface WorkspaceFileInfo {
  /** Its name, with slashes. */
  readonly path: string;
  /** A media type. @default "text/markdown" */
  readonly contentType?: string;
  /** From 1. */
  readonly version: number;
  /** For `If-Match`. */
  readonly etag?: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}
