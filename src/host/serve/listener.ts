// Web standards only.

/**
 * Answers one request. Must not reject.
 *
 * @param signal Aborts when the caller has gone, where the runtime can tell before the answer.
 */
export type Answerer = (
  request: Request,
  signal: AbortSignal | null,
) => Promise<Response>;

/** A socket that is listened on. */
export interface Listener {
  /** Where. */
  readonly port: number;
  /** Takes no more connections. @returns when all of those that there are have ended. */
  stop(): Promise<void>;
  /** Cuts all connections. */
  kill(): void;
}

/** How a runtime listens. Rejects when it cannot. */
export type Listen<Runtime> = (
  runtime: Runtime,
  port: number,
  hostname: string,
  answer: Answerer,
) => Promise<Listener>;
