// Web standards only.
import { contentHash } from "../../openwop/protocol/mod.ts";
import type { WorkflowDefinition } from "../../openwop/protocol/mod.ts";
import type { Store, StoredWorkflow } from "../store.ts";
import { SqliteOutbox } from "./sqlite_outbox.ts";

/** The part of a store in a file that is about definitions: each is kept once, by its hash. */
export class SqliteWorkflows extends SqliteOutbox implements
  Pick<
    Store,
    "putWorkflow" | "loadWorkflow" | "listWorkflows" | "removeWorkflow"
  > {
  /** By hash, so that all that have a definition share one object. */
  readonly #definitions = new Map<string, WorkflowDefinition>();
  readonly #hashes = new WeakMap<WorkflowDefinition, string>();
  /** By id, so that what stays the same stays one object. */
  readonly #workflows = new Map<string, StoredWorkflow>();

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
    this.#workflows.clear();
  }

  async putWorkflow(
    { tenant, definition }: StoredWorkflow,
  ): Promise<"created" | "replaced" | "foreign"> {
    const hash = await this.hashOf(definition);
    return this.session.transaction(() => {
      const { id } = definition;
      const there = this.session
        .sql("SELECT tenant FROM workflows WHERE id = ?").get(id);
      if (there && there.tenant !== tenant) return "foreign";
      this.keepDefinition(hash, definition);
      this.session.sql("INSERT OR REPLACE INTO workflows VALUES (?, ?, ?)")
        .run(id, tenant, hash);
      return there ? "replaced" : "created";
    });
  }

  // deno-lint-ignore require-await
  async loadWorkflow(workflowId: string): Promise<StoredWorkflow | undefined> {
    const row = this.session.sql(
      "SELECT tenant, definition FROM workflows WHERE id = ?",
    ).get(workflowId);
    if (row === undefined) {
      this.#workflows.delete(workflowId);
      return undefined;
    }
    const tenant = String(row.tenant);
    const definition = this.definitionAt(String(row.definition));
    const known = this.#workflows.get(workflowId);
    if (known?.definition === definition && known.tenant === tenant) {
      return known;
    }
    const workflow = { tenant, definition };
    this.#workflows.set(workflowId, workflow);
    return workflow;
  }

  // deno-lint-ignore require-await
  async listWorkflows(tenant: string): Promise<readonly string[]> {
    return this.session
      .sql("SELECT id FROM workflows WHERE tenant = ? ORDER BY id").all(tenant)
      .map(({ id }) => String(id));
  }

  // deno-lint-ignore require-await
  async removeWorkflow(workflowId: string, tenant: string): Promise<boolean> {
    const { changes } = this.session
      .sql("DELETE FROM workflows WHERE id = ? AND tenant = ?")
      .run(workflowId, tenant);
    return Number(changes) === 1;
  }
}
