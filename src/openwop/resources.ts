// Web standards only.
import type { OpenwopApi } from "./api.ts";
import { DiscoveryResource } from "./discovery.ts";
import { InterruptsResource } from "./interrupts.ts";
import { RunsResource } from "./runs.ts";
import { WorkflowsResource } from "./workflows.ts";

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

  /**
   * Made by the clients.
   *
   * @param api The way to the host.
   */
  constructor(api: OpenwopApi) {
    this.discovery = new DiscoveryResource(api);
    this.workflows = new WorkflowsResource(api);
    this.interrupts = new InterruptsResource(api);
    this.runs = new RunsResource(api, this.interrupts);
  }
}
