// Web standards only.
import type { WorkflowDefinition } from "../../openwop/protocol/mod.ts";
import type { KeyEffect, Store } from "../store.ts";

/** Keeps what a request did to something, for its claim, if it has one. */
export type Note = (id: string, effect: KeyEffect | undefined) => void;

/** The part of a store that is about workflows. */
export type WorkflowStore = Pick<
  Store,
  "putWorkflow" | "loadWorkflow" | "listWorkflows" | "removeWorkflow"
>;

/** Workflows in memory. */
export function memoryWorkflows(note: Note): WorkflowStore {
  const tenants = new Map<string, Map<string, WorkflowDefinition>>();
  return {
    putWorkflow({ tenant, definition }, most = Infinity, effect) {
      const { id } = definition;
      const own = tenants.get(tenant) ?? new Map<string, WorkflowDefinition>();
      const isThere = own.has(id);
      if (!isThere && own.size >= most) return Promise.resolve("full");
      const end = isThere ? "replaced" : "created";
      tenants.set(tenant, own.set(id, definition));
      note(id, effect?.(end));
      return Promise.resolve(end);
    },
    loadWorkflow: (id, tenant) => Promise.resolve(tenants.get(tenant)?.get(id)),
    listWorkflows: (tenant) =>
      Promise.resolve([...tenants.get(tenant)?.keys() ?? []].sort()),
    removeWorkflow(id, tenant, effect) {
      const own = tenants.get(tenant);
      if (!own?.delete(id)) return Promise.resolve(false);
      if (own.size === 0) tenants.delete(tenant);
      note(id, effect);
      return Promise.resolve(true);
    },
  };
}
