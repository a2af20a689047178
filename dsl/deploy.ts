// Web standards only.
import type {
  CallOptions,
  Registration,
  WorkflowRegistry,
} from "../src/openwop/mod.ts";
import {
  contentHash,
  DefinitionError,
  type DefinitionIssue,
  type RunnableWorkflow,
} from "../src/openwop/protocol/mod.ts";
import { type DefinitionDiff, diffDefinitions } from "./diff.ts";
import { graphAt, wanted, within } from "./given.ts";
import { checkHost, type HostFacts } from "./host_needs.ts";

/** Where a workflow goes. What the registry tells about its host counts, beside what is said here. */
export interface DeployTarget extends HostFacts {
  /**
   * Takes workflows in: `createEmbeddedRegistry()` for a host of Tutti, or what `createRouteRegistry()` makes for another
   * kind.
   */
  readonly registry: WorkflowRegistry;
}

/** What a deployment would change. */
export interface DeployPlan {
  /** Which workflow. */
  readonly workflowId: string;
  /** Of its definition. */
  readonly contentHash: string;
  /** What would be done: nothing where the host has this very definition. */
  readonly action: "create" | "replace" | "none";
  /** What differs from what the host has, if it has one. */
  readonly diff?: DefinitionDiff;
  /** What is wrong with it where it was read, and what the host lacks; with any of these nothing is sent. */
  readonly issues: readonly DefinitionIssue[];
}

/** What `build()` or `fromDefinition()` gave. */
export interface DeployableWorkflow extends RunnableWorkflow {
  /** Says what is wrong with it, where that is not known. */
  check?(): readonly DefinitionIssue[];
}

/**
 * Says what `deploy()` would do, and does nothing.
 *
 * @param workflow What `build()` or `fromDefinition()` gave.
 * @param target The host's registry, and what is known of the host.
 * @param options Options of the calls.
 */
export async function planDeploy(
  workflow: DeployableWorkflow,
  target: DeployTarget,
  options?: CallOptions,
): Promise<DeployPlan> {
  const definition = within("workflow", () => workflow.definition);
  graphAt("workflow", definition);
  const { registry, ...known } = within("target", () => {
    const { registry, nodeTypes = [] } = target ?? {};
    wanted("target.registry", "object", registry);
    wanted("target.registry.get", "function", registry.get);
    wanted("target.registry.register", "function", registry.register);
    return {
      ...target,
      nodeTypes: [...wanted("target.nodeTypes", "list", nodeTypes)],
    };
  });
  const at = "target.registry";
  const facts = await within(at, () => registry.facts?.(options));
  const found = await within(at, () => registry.get(definition.id, options));
  const hash = await contentHash(definition);
  const same = found !== undefined && await contentHash(found) === hash;
  return {
    workflowId: definition.id,
    contentHash: hash,
    action: found === undefined ? "create" : same ? "none" : "replace",
    ...(found && !same ? { diff: diffDefinitions(found, definition) } : {}),
    issues: [
      ...(workflow.check?.() ?? []).filter(({ severity }) => !severity),
      ...checkHost(definition, {
        ...facts,
        ...known,
        nodeTypes: [...facts?.nodeTypes ?? [], ...known.nodeTypes],
      }),
    ],
  };
}

/**
 * Puts a workflow on a host, after checking that the host has what it needs. A host that has this very definition is left
 * alone, so that it may be called at every start of a program.
 *
 * @param workflow What `build()` or `fromDefinition()` gave.
 * @param target The host's registry, and what is known of the host.
 * @param options Options of the calls.
 * @throws {DefinitionError} `definition-invalid`, naming what `check()` of a workflow that was read finds, and everything
 * that the host lacks; nothing was sent.
 * @throws {RegistrationError} `registration-unsupported`, the host takes no workflows from outside.
 *
 * @example
 * ```ts
 * import { delay, deploy, planDeploy, workflow } from "@tutti/sdk/dsl";
 * import type { WorkflowDefinition } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const wait = workflow("wait", { version: "1.0.0" }).input().use(delay("breathe", "1s")).build();
 * // Stands in for the registry of a real host.
 * let stored: WorkflowDefinition | undefined;
 * const registry = {
 *   get: () => Promise.resolve(stored),
 *   register: async (definition: WorkflowDefinition) => {
 *     stored = definition;
 *     return { workflowId: definition.id, contentHash: await wait.hash(), outcome: "created" as const };
 *   },
 * };
 * assert.equal((await planDeploy(wait, { registry })).action, "create");
 * assert.equal((await deploy(wait, { registry })).outcome, "created");
 * assert.equal((await deploy(wait, { registry })).outcome, "unchanged");
 * ```
 */
export async function deploy(
  workflow: DeployableWorkflow,
  target: DeployTarget,
  options?: CallOptions,
): Promise<Registration> {
  const { workflowId, contentHash, action, issues } = await planDeploy(
    workflow,
    target,
    options,
  );
  if (issues.length > 0) throw new DefinitionError(workflowId, issues);
  if (action === "none") {
    return { workflowId, contentHash, outcome: "unchanged" };
  }
  return await within(
    "target.registry",
    () => target.registry.register(workflow.definition, options),
  );
}
