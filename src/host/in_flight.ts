// Web standards only.
import { hostClosed } from "./refusal.ts";

/** The requests that are being executed: closing a host waits for them, so that none meets a store that is gone. */
export class InFlight {
  #count = 0;
  #onDone: (() => void) | undefined;

  /** One begins. @throws {Refusal} `503`, once the host closes. */
  enter(): void {
    if (this.#onDone) throw hostClosed();
    this.#count++;
  }

  /** One has ended. */
  leave(): void {
    if (--this.#count === 0) this.#onDone?.();
  }

  /** Lets no more begin. @returns when all have ended. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDone = resolve;
      if (this.#count === 0) resolve();
    });
  }
}
