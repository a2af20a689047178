// Web standards only.
import type { Fetch } from "../../http/mod.ts";

/** A host that is looked at, and what a stranger needs to look. */
export interface HostSubject {
  /** Where it answers: scheme and authority, perhaps a path, without a slash at the end. */
  readonly baseUrl: string;
  /** What reaches it, for example `host.fetch` of a host in this process. @default the global `fetch` */
  readonly fetch?: Fetch;
  /** A key that may do everything with the runs of one tenant. @default the host asks for none */
  readonly apiKey?: string;
  /** The same of another tenant. Without it, what is about two tenants is `blocked`. */
  readonly otherApiKey?: string;
  /**
   * The workflows called `conformance-...` that the host has. @default those that its discovery document lists
   */
  readonly fixtures?: readonly string[];
  /** The time that the host goes by, for hosts with a clock of their own. @default the time of this machine */
  readonly time?: {
    /** Milliseconds since the epoch. */
    now(): number;
    /** Lets so many milliseconds pass. */
    wait(ms: number): Promise<void>;
  };
  /**
   * Opens an address that webhooks can be delivered to. @default a server on the loopback device, which a host takes only
   * if it was told to; otherwise what is about deliveries is `blocked`
   */
  readonly receive?: (
    answer: (request: Request) => Response | Promise<Response>,
  ) => Promise<{
    /** The address; anything may be appended to its path. */
    readonly url: string;
    /** Ends it. */
    close(): Promise<void>;
  }>;
  /** Called when a check is done with it. */
  close?(): void | Promise<void>;
}

/** What a check found, unless it found a fault: then it rejects. */
export type ConformanceResult =
  | { readonly outcome: "passed" }
  | {
    /**
     * `inapplicable`: the promise does not bind this host, since it does not advertise what it is about. `blocked`: it
     * binds, and could not be looked at.
     */
    readonly outcome: "inapplicable" | "blocked";
    /** Why. */
    readonly reason: string;
  };

/** One promise of an OpenWOP host, and how to look whether it keeps it. */
export interface ConformanceCheck {
  /** The promise, behind the name of the scenario that it belongs to. */
  readonly name: string;
  /** Which major of the protocol makes the promise. */
  readonly major: 1 | 2;
  /** The scenario of the published suite, for example `v2-run-cancel`; `v1-` and an area for the older major. */
  readonly scenario: string;
  /** Looks. Rejects with an error that says what was sent, what was found, and what is wanted. */
  run(): Promise<ConformanceResult>;
}

/** Ends a check that cannot be made. */
export class NotChecked extends Error {
  readonly outcome: "inapplicable" | "blocked";

  constructor(outcome: "inapplicable" | "blocked", reason: string) {
    super(reason);
    this.outcome = outcome;
  }
}
