// Web standards only.
import type { CallOptions, OnceCallOptions } from "../http/mod.ts";
import type { ForCredential, UncertainPromise } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/**
 * Templates of tasks, which the server keeps in memory only. On the reference server this feature is out of use: what
 * makes or deletes a template takes effect and is answered with 500, and the list cannot be reached. None of these is
 * repeated.
 */
export interface TemplateMethods {
  /** Gets all templates. On the reference server always 500: another route hides it. */
  list(options?: OnceCallOptions): Promise<readonly Wire.TaskTemplate[]>;
  /**
   * Gets a template, by its `tmpl_…`.
   *
   * @throws {OpenSpawnError} 404 where there is none.
   */
  get(templateId: string, options?: CallOptions): Promise<Wire.TaskTemplate>;
  /** Makes a template. On the reference server always 500, after it has taken effect. */
  create(
    template: Wire.CreateTemplate,
    options?: OnceCallOptions,
  ): UncertainPromise<Wire.TaskTemplate>;
  /** Makes a template of a task, by the UUID of the task. On the reference server always 500. */
  createFromTask(
    id: string,
    template: { readonly name: string },
    options?: OnceCallOptions,
  ): UncertainPromise<Wire.TaskTemplate>;
  /**
   * Makes tasks from a template.
   *
   * @throws {OpenSpawnError} 404 where there is none.
   */
  instantiate(
    template: Wire.InstantiateTemplate,
    options?: CallOptions,
  ): Promise<readonly Wire.Task[]>;
  /** Deletes a template. On the reference server always 500, after it has taken effect. */
  delete(
    templateId: string,
    options?: OnceCallOptions,
  ): UncertainPromise<Wire.ServerMessage>;
}

/** {@linkcode TemplateMethods}, for whoever the client stands for. */
export type TemplatesResource<Who extends Wire.Credential> = ForCredential<
  Who,
  TemplateMethods,
  "create" | "createFromTask" | "instantiate" | "delete"
>;
