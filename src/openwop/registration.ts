// Web standards only.
import { brand, HttpError, TuttiError } from "../http/mod.ts";
import type { CallOptions, JsonValue } from "../http/mod.ts";
import {
  checkDefinition,
  contentHash,
  DefinitionError,
} from "./protocol/mod.ts";
import type { WorkflowDefinition } from "./protocol/mod.ts";

/** That a host has a workflow, and what it took. */
export interface Registration {
  /** Which workflow. */
  readonly workflowId: string;
  /** Of its definition: SHA-256 of the canonical JSON, in hex. */
  readonly contentHash: string;
  /** `unchanged` when the host had this very definition, and nothing was sent. */
  readonly outcome: "created" | "replaced" | "unchanged";
}

/** What a host says that it can run. */
export interface RegistryFacts {
  /** Its discovery document. */
  readonly discovery: Readonly<Record<string, JsonValue | undefined>>;
  /** Node types that it has, beside those of OpenWOP's core. */
  readonly nodeTypes: readonly string[];
}

/**
 * Puts workflows on a host. The protocol has no operation for it, in neither major, so each kind of host has an adapter
 * of its own; what it cannot do, it does not have. Source: v1 §5.1 row 3, v2 §13.
 */
export interface WorkflowRegistry {
  /**
   * Sees to it that the host has this definition. What is there already, by content, is left alone, so that it may be
   * called at every start of a program.
   *
   * @throws {DefinitionError} `definition-invalid`, nothing was sent.
   * @throws {RegistrationError} `registration-unsupported`, the host takes no workflows from outside.
   */
  register(
    definition: WorkflowDefinition,
    options?: CallOptions,
  ): Promise<Registration>;
  /** The definition as the host has it; `undefined` where it has none, or shows none. */
  get(
    workflowId: string,
    options?: CallOptions,
  ): Promise<WorkflowDefinition | undefined>;
  /** What the host can run, where it tells: `deploy()` checks a workflow against it. */
  facts?(options?: CallOptions): Promise<RegistryFacts>;
  /** The ids of the workflows that the host has. */
  list?(options?: CallOptions): Promise<readonly string[]>;
  /** Takes a workflow away; one that is not there is no error. Throws what the host says where it goes on showing it. */
  remove?(workflowId: string, options?: CallOptions): Promise<void>;
}

/** What a registry reads definitions with; an `OpenwopClient` is one. */
export interface RegistryHost {
  /** `GET /workflows/{workflowId}`, which both majors have. */
  readonly workflows: {
    /** Gets a definition; rejects with a status of 404 where there is none. */
    get(
      workflowId: string,
      options?: CallOptions,
    ): Promise<WorkflowDefinition>;
  };
}

/**
 * The host takes no workflows from outside, and does not have this one. Code: `registration-unsupported`. Never
 * retryable: give the definition to the host in its own way, then try again.
 */
export class RegistrationError extends TuttiError {
  /** Which workflow. */
  declare readonly workflowId: string;
  /** Of the definition that was to be registered. */
  declare readonly contentHash: string;
  /** Of the other definition that the host has under this id; `undefined` where it has none, or shows none. */
  declare readonly foundHash: string | undefined;

  /**
   * Makes one; registries do.
   *
   * @param workflowId Which workflow.
   * @param contentHash Of the definition that was to be registered.
   * @param foundHash Of what the host has instead.
   * @param cause What the host answered, if it was asked.
   */
  constructor(
    workflowId: string,
    contentHash: string,
    foundHash: string | undefined,
    cause?: unknown,
  ) {
    super(
      "registration-unsupported",
      `Cannot register workflow "${workflowId}": the host ${
        foundHash === undefined
          ? "shows no such workflow"
          : "has another definition under this id"
      } and takes none from outside`,
      {
        cause,
        hint:
          "give the definition to the host in its own way, as a file or at its start; or use a registry for the route that it has",
      },
    );
    this.workflowId = workflowId;
    this.contentHash = contentHash;
    this.foundHash = foundHash;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is RegistrationError =
    /* @__PURE__ */ brand(this, "RegistrationError");
}

/** What is wanted, beside what the host has. */
export interface Comparison {
  readonly contentHash: string;
  readonly foundHash: string | undefined;
}

/**
 * Checks a definition and compares it with what the host has.
 *
 * @throws {DefinitionError} `definition-invalid`, nothing was sent.
 */
export async function compare(
  host: RegistryHost,
  definition: WorkflowDefinition,
  options: CallOptions | undefined,
): Promise<Comparison> {
  const issues = checkDefinition(definition);
  if (issues.length > 0) {
    throw new DefinitionError(String(definition?.id), issues);
  }
  const found = await getDefinition(host, definition.id, options);
  return {
    contentHash: await contentHash(definition),
    foundHash: found && await contentHash(found),
  };
}

/** The definition as the host has it; `undefined` for a 404, which is also how a host says that it shows none. */
export async function getDefinition(
  host: RegistryHost,
  workflowId: string,
  options: CallOptions | undefined,
): Promise<WorkflowDefinition | undefined> {
  try {
    return await host.workflows.get(workflowId, options);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether the host said that it has no such thing, or no such route. */
export function isAbsent(error: unknown): boolean {
  return HttpError.is(error) && error.status === 404 ||
    TuttiError.is(error) && error.code === "unsupported";
}
