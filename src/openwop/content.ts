// Web standards only.
import type { CallOptions, JsonObject, OnceCallOptions } from "../http/mod.ts";

/**
 * The localized pages that a host serves. Capability `content`; every method throws `UnsupportedError` where the host
 * has none. Reads are retried; changes are sent once, for the operations take no key. Source: v2 §6.1, §6.2 rows 47 to 53.
 */
export interface ContentResource {
  /** Gets all pages, as their authors see them; the frame belongs to the host. */
  listPages(
    options?: CallOptions,
  ): Promise<JsonObject | readonly ContentPage[]>;
  /** Makes a page. */
  createPage(page: ContentPage, options?: OnceCallOptions): Promise<JsonObject>;
  /**
   * Gets a page as its readers see it, in the language of the header `Accept-Language`. Sent without the API key.
   *
   * @throws {OpenwopError} 404 for a page that is not there or not published.
   */
  getPage(slug: string, options?: CallOptions): Promise<LocalizedPage>;
  /** Deletes a page; not in version 1. */
  deletePage(slug: string, options?: OnceCallOptions): Promise<void>;
  /** Writes a section in one language. */
  updateSection(
    pageId: string,
    sectionId: string,
    request: { readonly locale: string; readonly data: JsonObject },
    options?: OnceCallOptions,
  ): Promise<JsonObject>;
  /** Gets the languages. */
  getSettings(options?: CallOptions): Promise<LanguageSettings>;
  /** Sets the languages. */
  updateSettings(
    settings: LanguageSettings,
    options?: OnceCallOptions,
  ): Promise<LanguageSettings>;
}

/** A page as its authors see it. */
export interface ContentPage {
  /** Its id. */
  readonly pageId: string;
  /** Its address. */
  readonly slug: string;
  /** For people. */
  readonly name: string;
  /** Only a published one is served. */
  readonly status: "draft" | "published";
  /** Ids of its sections. */
  readonly sectionOrder: readonly string[];
  /** For search engines. */
  readonly seo?: JsonObject;
}

/** A page as its readers see it. */
export interface LocalizedPage {
  /** Changes with the content. */
  readonly version: string;
  /** ISO 8601. */
  readonly generatedAt: string;
  /** The language that it was given in. */
  readonly locale: string;
  /** Its address. */
  readonly slug: string;
  /** What it is. */
  readonly page: {
    readonly pageId: string;
    readonly slug: string;
    readonly name: string;
    readonly seo?: JsonObject;
  };
  /** In order. */
  readonly sections: readonly {
    readonly sectionId: string;
    readonly sectionType: string;
    readonly data: JsonObject;
  }[];
}

/** The languages of a host. */
export interface LanguageSettings {
  /** The one that all content has. */
  readonly baseLocale: string;
  /** All of them. */
  readonly supportedLocales: readonly string[];
  /** Whether publishing translates. */
  readonly autoTranslateOnPublish: boolean;
}
