import { systemClock } from "@tutti/sdk/http";
import type { Clock } from "@tutti/sdk/http";

const STEP_MS = 25;

/**
 * Real time in short steps, and what has arrived is looked at between any two of them. A machine that stands still for
 * seconds takes one step from a budget and not all of it, so silence is told from slowness however busy the machine is.
 */
export const patientClock: Clock = {
  now: systemClock.now,
  schedule(ms: number, wake: () => void): () => void {
    let left = ms;
    let cancel: () => void;
    const step = (): void => {
      const next = Math.min(left, STEP_MS);
      left -= next;
      cancel = systemClock.schedule(next, left > 0 ? step : wake);
    };
    step();
    return () => cancel();
  },
};
