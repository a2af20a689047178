import { appendFileSync } from "node:fs";
import type { Store } from "@tutti/sdk/host";
import type { NodeImplementation } from "@tutti/sdk/openwop";

/** Tells the world outside something, which no crash undoes. */
export type Tell = (...words: string[]) => void;

/** Tells it to a file, a line for each time. */
export function journalAt(path: string): Tell {
  return (...words) => appendFileSync(path, words.join(" ") + "\n");
}

/** Of a step that is run. */
export interface StepKeys {
  readonly runId: string;
  readonly nodeId: string;
  readonly idempotencyKey: string;
}

/** A step that has an effect outside, and tells when it is run though its log says that it is over. */
export function outsideStep(
  typeId: string,
  store: Store,
  tell: Tell,
  effect: (keys: StepKeys) => void | Promise<void>,
): NodeImplementation {
  return {
    typeId,
    run: async (_, { runId, nodeId, idempotencyKey }) => {
      for (
        const { type, payload } of await store.readEvents(runId, -1, 10_000)
      ) {
        if (type === "node.completed" && payload.nodeId === nodeId) {
          tell("AGAIN", runId, nodeId);
        }
      }
      await effect({ runId, nodeId, idempotencyKey });
      return { done: true };
    },
  };
}
