// Web standards only.

/** Which part of a list to give. */
export interface PageQuery {
  /** How many items to leave out at the start. @default 0 */
  readonly offset?: number | undefined;
  /** How many items to give at most, 1 to 100; of logs to 1000. @default 100 */
  readonly limit?: number | undefined;
}
