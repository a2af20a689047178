// Web standards only.

/** What the server says of itself. */
export interface Health {
  /** `ok`. */
  readonly status: string;
  /** ISO 8601. */
  readonly timestamp: string;
}
