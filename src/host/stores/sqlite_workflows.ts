// Web standards only.
import { contentHash } from "../../openwop/protocol/mod.ts";
import type { WorkflowDefinition } from "../../openwop/protocol/mod.ts";
import { Recent } from "../recent.ts";
import type { KeyEffect, StoredWorkflow } from "../store.ts";
import type { WorkflowStore } from "./memory_workflows.ts";
import { SqliteOutbox } from "./sqlite_outbox.ts";

/** Definitions that stay in memory; others are read again when a run wants them. */
const KEEP = 256;

/** The part of a store in a file that is about definitions: each is kept once, by its hash. */
export class SqliteWorkflows extends SqliteOutbox implements WorkflowStore {
  /** By hash, so that all that have a definition share one object. */
  readonly #definitions = new Recent<string, WorkflowDefinition>(KEEP);
  readonly #hashes = new WeakMap<WorkflowDefinition, string>();

  /** The name that a definition is kept under. */
  protected async hashOf(definition: WorkflowDefinition): Promise<string> {
    let hash = this.#hashes.get(definition);
    if (hash === undefined) {
      hash = await contentHash(definition);
      this.#hashes.set(definition, hash);
    }
    return hash;
  }

  /** Keeps a definition, within a transaction. Most of the time it is there, and need not be written out. */
  protected keepDefinition(hash: string, definition: WorkflowDefinition): void {
    const known = this.session.sql("SELECT 1 FROM definitions WHERE hash = ?")
      .get(hash);
    if (known !== undefined) return;
    this.session.sql("INSERT INTO definitions VALUES (?, ?)")
      .run(hash, JSON.stringify(definition));
  }

  /** A definition that is kept. */
  protected definitionAt(hash: string): WorkflowDefinition {
    let definition = this.#definitions.get(hash);
    if (definition === undefined) {
      const { json } = this.session
        .sql("SELECT json FROM definitions WHERE hash = ?").get(hash)!;
      definition = JSON.parse(String(json)) as WorkflowDefinition;
      this.#definitions.set(hash, definition);
      this.#hashes.set(definition, hash);
    }
    return definition;
  }

  /** Forgets definitions that nothing has any more, within a transaction. */
  protected dropDefinitions(): void {
    this.session.sql(
      "DELETE FROM definitions WHERE hash NOT IN (SELECT definition FROM runs) AND hash NOT IN (SELECT definition FROM workflows)",
    ).run();
    this.#definitions.clear();
  }

  async putWorkflow(
    { tenant, definition }: StoredWorkflow,
    most: number = Infinity,
    effect?: (end: "created" | "replaced") => KeyEffect,
  ): Promise<"created" | "replaced" | "full"> {
    const hash = await this.hashOf(definition);
    const { session } = this;
    return session.transaction(() => {
      const { id } = definition;
      const isThere = this.#hashAt(id, tenant) !== undefined;
      const row = session.sql(
        "SELECT count(*) AS n FROM workflows WHERE tenant = ?",
      ).get(tenant);
      if (!isThere && Number(row?.n) >= most) return "full";
      this.keepDefinition(hash, definition);
      session.sql("INSERT OR REPLACE INTO workflows VALUES (?, ?, ?)")
        .run(id, tenant, hash);
      const end = isThere ? "replaced" : "created";
      if (effect) session.note(id, effect(end));
      return end;
    });
  }

  // deno-lint-ignore require-await
  async loadWorkflow(
    workflowId: string,
    tenant: string,
  ): Promise<WorkflowDefinition | undefined> {
    const hash = this.#hashAt(workflowId, tenant);
    return hash === undefined ? undefined : this.definitionAt(hash);
  }

  #hashAt(workflowId: string, tenant: string): string | undefined {
    const row = this.session.sql(
      "SELECT definition FROM workflows WHERE tenant = ? AND id = ?",
    ).get(tenant, workflowId);
    return row && String(row.definition);
  }

  // deno-lint-ignore require-await
  async listWorkflows(tenant: string): Promise<readonly string[]> {
    return this.session
      .sql("SELECT id FROM workflows WHERE tenant = ? ORDER BY id").all(tenant)
      .map(({ id }) => String(id));
  }

  // deno-lint-ignore require-await
  async removeWorkflow(
    workflowId: string,
    tenant: string,
    effect?: KeyEffect,
  ): Promise<boolean> {
    const { session } = this;
    return session.transaction(() => {
      const { changes } = session
        .sql("DELETE FROM workflows WHERE tenant = ? AND id = ?")
        .run(tenant, workflowId);
      if (Number(changes) === 0) return false;
      if (effect) session.note(workflowId, effect);
      return true;
    });
  }
}
