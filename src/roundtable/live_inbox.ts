// Web standards only.
import { createSeen } from "../http/mod.ts";
import type { LiveFrame } from "./protocol/mod.ts";

/** Frames that wait for the loop. */
export interface Inbox {
  /** Whether no frame comes any more. */
  readonly closed: boolean;
  /** What the loop will be told at its end, and has not been told yet. */
  readonly failure: unknown;
  /** Hands a frame in; a message that was there before is dropped, and so is what comes when it is full. */
  push(frame: LiveFrame): void;
  /** What has waited longest; waits where nothing does. */
  next(): Promise<IteratorResult<LiveFrame>>;
  /** Lets no frame wait any more. */
  clear(): void;
  /** Ends the loop behind the frames that wait, with an error where there is one. */
  end(failure?: unknown): void;
}

/** How much an inbox holds. */
export interface InboxOptions {
  /** How many frames may wait. */
  readonly maxWaiting: number;
  /** How many ids of messages are remembered. */
  readonly maxRemembered: number;
  /** Told when half of it is free again after something was dropped. */
  readonly onRoom: () => void;
}

/** Makes an empty one. */
export function createInbox(options: InboxOptions): Inbox {
  const { maxWaiting, maxRemembered, onRoom } = options;
  const seen = createSeen("maxRemembered", maxRemembered);
  const waiting: LiveFrame[] = [];
  const wakes: (() => void)[] = [];
  let failure: unknown;
  let isClosed = false;
  let isShort = false;

  function wake(): void {
    for (const one of wakes.splice(0)) one();
  }

  return {
    get closed(): boolean {
      return isClosed;
    },
    get failure(): unknown {
      return failure;
    },
    push(frame): void {
      if (waiting.length >= maxWaiting) {
        // Not remembered, so that it is welcome when it comes again.
        isShort = true;
      } else if (frame.type !== "message" || !seen.add(frame.data.message_id)) {
        waiting.push(frame);
        wake();
      }
    },
    async next(): Promise<IteratorResult<LiveFrame>> {
      for (;;) {
        const frame = waiting.shift();
        if (isShort && waiting.length <= maxWaiting / 2) {
          isShort = false;
          onRoom();
        }
        if (frame) return { done: false, value: frame };
        if (failure) {
          const error = failure;
          failure = undefined;
          throw error;
        }
        if (isClosed) return { done: true, value: undefined };
        await new Promise<void>((resolve) => wakes.push(resolve));
      }
    },
    clear(): void {
      waiting.length = 0;
    },
    end(error): void {
      isClosed = true;
      failure = error;
      wake();
    },
  };
}
