import { createScriptedFetch } from "@tutti/sdk/testing";
import type {
  RecordedRequest,
  ScriptedFetch,
  ScriptedReply,
} from "@tutti/sdk/testing";

// Short names for what the tests say most often.
export {
  brokenReply as broken,
  countListeners,
  createBody as bodyOf,
  eventReply as sse,
  jsonReply as json,
  silentReply as silent,
  textReply as text,
} from "@tutti/sdk/testing";
export type { BodyEnd, ControlledBody } from "@tutti/sdk/testing";
export type Recorded = RecordedRequest;
export type Step = ScriptedReply;

/** A server that answers with these steps, in order. */
export function scripted(
  steps: readonly Step[],
  otherwise?: Step,
): ScriptedFetch {
  return createScriptedFetch({ replies: steps, otherwise });
}

/** Collects everything that an iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
