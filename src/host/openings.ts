// Web standards only.

/** Something that stays open while a caller waits: a stream, a poll. */
export interface Opening {
  /** Aborts when the caller gives up, with the caller's reason, when the host closes, and when it is closed itself. */
  readonly signal: AbortSignal;
  /** Lets go of it, and of whatever waits on its signal. */
  close(): void;
}

/** Everything that is open at a host, so that closing the host ends it. */
export class Openings {
  readonly #open = new Set<AbortController>();
  #isOver = false;

  /** How many there are. */
  get size(): number {
    return this.#open.size;
  }

  /** @param caller The signal of the call. */
  open(caller: AbortSignal | undefined): Opening {
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(caller?.reason);
    if (this.#isOver) controller.abort(CLOSED);
    else if (caller?.aborted) onAbort();
    else caller?.addEventListener("abort", onAbort, { once: true });
    this.#open.add(controller);
    return {
      signal: controller.signal,
      close: () => {
        this.#open.delete(controller);
        caller?.removeEventListener("abort", onAbort);
        controller.abort(ENDED);
      },
    };
  }

  /** Ends all of them, and those that are opened later at once. */
  closeAll(): void {
    this.#isOver = true;
    for (const controller of [...this.#open]) controller.abort(CLOSED);
  }
}

// Made once: with its stack, each costs as much as the rest of a call. They are only reasons, which nobody throws.
const ENDED = new DOMException("The call has ended", "AbortError");
const CLOSED = new DOMException("The host was closed", "AbortError");
