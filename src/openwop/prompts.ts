// Web standards only.
import type {
  CallOptions,
  JsonObject,
  JsonValue,
  OnceCallOptions,
  Pages,
} from "../http/mod.ts";
import type { ListOptions } from "./pages.ts";

/**
 * The prompt library of a host. Capability `prompts`; on version 1 hosts `prompts.endpointsSupported`, and
 * `prompts.mutableLibrary` for changes. Every method throws `UnsupportedError` where the host has none. Source: v2 §6.2
 * rows 41 to 46, v1 §5.2.
 */
export interface PromptsResource {
  /** Lists templates, page by page as the loop goes on. Each page is retried. */
  list(
    query?: PromptListQuery,
    options?: ListOptions,
  ): Pages<PromptTemplate, string>;
  /**
   * Adds a template. Sent under an idempotency key and retried.
   *
   * @throws {OpenwopError} 409 for a version that is there already.
   */
  create(
    template: PromptTemplate,
    options?: CallOptions,
  ): Promise<PromptTemplate>;
  /**
   * Gets a template. Retried.
   *
   * @throws {OpenwopError} 404 `not_found`, 400 `prompt_ref_ambiguous`.
   */
  get(
    templateId: string,
    query?: {
      readonly version?: string | undefined;
      readonly libraryId?: string | undefined;
    },
    options?: CallOptions,
  ): Promise<PromptTemplate>;
  /**
   * Replaces a template by a newer version. Sent under an idempotency key and retried.
   *
   * @throws {OpenwopError} 403 for one that may only be read, 409 for a version that is not greater.
   */
  update(
    templateId: string,
    template: PromptTemplate,
    options?: CallOptions,
  ): Promise<PromptTemplate>;
  /** Deletes a template. Sent once: the operation takes no key. */
  delete(templateId: string, options?: OnceCallOptions): Promise<void>;
  /**
   * Fills a template in. Sent once: the operation takes no key.
   *
   * @throws {OpenwopError} 400 `prompt_variable_unresolved`, `prompt_variable_type_mismatch`, `prompt_ref_invalid`.
   */
  render(
    request: PromptRenderRequest,
    options?: OnceCallOptions,
  ): Promise<RenderedPrompt>;
}

/** Which templates to list. */
export interface PromptListQuery {
  /** Their role. */
  readonly kind?: PromptKind | undefined;
  /** A label that they have; with a list, all of these. */
  readonly tag?: string | readonly string[] | undefined;
  /** What sort of model they are for. */
  readonly modelClass?: string | undefined;
  /** Where they came from. */
  readonly source?: "host" | "pack" | "user" | undefined;
  /** The most per page. */
  readonly limit?: number | undefined;
}

/** The role of a template in a call to a model. */
export type PromptKind = "system" | "user" | "few-shot" | "schema-hint";

/** A prompt with places to fill in. */
export interface PromptTemplate {
  /** Its id. */
  readonly templateId: string;
  /** Semantic version. */
  readonly version: string;
  /** Its role. */
  readonly kind: PromptKind;
  /** With its places. */
  readonly text: string;
  /** For people. */
  readonly name?: string;
  /** More words. */
  readonly description?: string;
  /** Its places. */
  readonly variables?: readonly {
    readonly name: string;
    readonly type: "string" | "number" | "boolean" | "array" | "object";
    readonly required: boolean;
    readonly source?: "input" | "variable" | "secret" | "context";
    readonly extractPath?: string;
    readonly defaultValue?: JsonValue;
    readonly description?: string;
  }[];
  /** What suits it. */
  readonly modelHints?: {
    readonly modelClass?: string;
    readonly temperature?: number;
    readonly maxTokens?: number;
    readonly envelopeType?: string;
  };
  /** At most 32. */
  readonly tags?: readonly string[];
  /** Where it came from. */
  readonly meta?: JsonObject;
}

/** Which prompt: `prompt:<templateId>[@<version>]`, or its parts. */
export type PromptRef =
  | `prompt:${string}`
  | {
    readonly libraryId?: string;
    readonly templateId: string;
    readonly version?: string;
    readonly variableOverrides?: JsonObject;
  };

/** What to fill in. */
export interface PromptRenderRequest {
  /** Which prompt. */
  readonly ref: PromptRef;
  /** What goes into its places. */
  readonly variables: JsonObject;
  /** Whether what goes into it can be trusted. */
  readonly contentTrust?: "trusted" | "untrusted" | undefined;
}

/** A prompt that was filled in. */
export interface RenderedPrompt {
  /** `sha256:<64 hex digits>`. */
  readonly hash: string;
  /** What it was made from. */
  readonly refs: readonly JsonValue[];
  /** By name. */
  readonly variableHashes: Readonly<Record<string, string>>;
  /** The text, where the host shows it. */
  readonly composed?: JsonValue;
  /** Of what went into it. */
  readonly contentTrust?: "trusted" | "untrusted";
}
