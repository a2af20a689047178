// Web standards only.
import type { AgentsResource } from "./agents.ts";
import type { OpenwopApi } from "./api.ts";
import type { AuditResource } from "./audit.ts";
import type { ContentResource } from "./content.ts";
import { createDiscovery } from "./discovery.ts";
import type { DiscoveryResource } from "./discovery.ts";
import { createHostFacts } from "./host_facts.ts";
import type { HostResource } from "./host_facts.ts";
import { createInterrupts } from "./interrupts.ts";
import type { InterruptsResource } from "./interrupts.ts";
import { createMethods } from "./invoke.ts";
import type { PacksResource } from "./packs.ts";
import { listPages } from "./pages.ts";
import type { PromptsResource } from "./prompts.ts";
import { createRuns } from "./runs.ts";
import type { RunsResource } from "./runs.ts";
import type { ToolsResource } from "./tools.ts";
import type { TriggerSubscriptionsResource } from "./trigger_subscriptions.ts";
import { createWebhookSubscriptions } from "./webhook_subscriptions.ts";
import type { WebhookSubscriptionsResource } from "./webhook_subscriptions.ts";
import { createWorkflows } from "./workflows.ts";
import type { WorkflowsResource } from "./workflows.ts";
import type { WorkspaceResource } from "./workspace.ts";

/** What every client of an OpenWOP host has, whichever majors it speaks. */
export class OpenwopResources {
  /** What the host offers. */
  readonly discovery: DiscoveryResource;
  /** The workflows that the host has. */
  readonly workflows: WorkflowsResource;
  /** Runs: start, follow, cancel, fork. */
  readonly runs: RunsResource;
  /** Questions that runs ask. */
  readonly interrupts: InterruptsResource;
  /** Who is told of events over webhooks. */
  readonly webhooks: WebhookSubscriptionsResource;
  /** What the host itself does. */
  readonly host: HostResource;
  /** The agents that the host has. */
  readonly agents: AgentsResource;
  /** The tools that the host has. */
  readonly tools: ToolsResource;
  /** The prompt library. */
  readonly prompts: PromptsResource;
  /** Localized pages. */
  readonly content: ContentResource;
  /** What starts runs from outside. */
  readonly triggerSubscriptions: TriggerSubscriptionsResource;
  /** The audit log. */
  readonly audit: AuditResource;
  /** Files of a workspace; version 1 only. */
  readonly workspace: WorkspaceResource;
  /** The registry of node packs; version 1 only. */
  readonly packs: PacksResource;

  /**
   * Made by the clients.
   *
   * @param api The way to the host.
   */
  constructor(api: OpenwopApi) {
    this.discovery = createDiscovery(api);
    this.workflows = createWorkflows(api);
    this.interrupts = createInterrupts(api);
    this.runs = createRuns(api, this.interrupts);
    this.webhooks = createWebhookSubscriptions(api);
    this.host = createHostFacts(api);
    this.agents = createMethods(api, "agents");
    this.tools = createMethods(api, "tools");
    this.prompts = createMethods<PromptsResource>(api, "prompts", {
      list: (query = {}, options) =>
        listPages(api, "prompts.list", [], query, "items", options),
    });
    this.content = createMethods(api, "content");
    this.triggerSubscriptions = createMethods(api, "triggerSubscriptions");
    this.audit = createMethods(api, "audit");
    this.workspace = createMethods(api, "workspace");
    this.packs = createMethods(api, "packs");
  }
}
