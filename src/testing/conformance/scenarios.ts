// Web standards only.
import type { Probe } from "./probe.ts";

/** By scenario, by promise: how to look. */
export type Scenarios = Readonly<
  Record<string, Readonly<Record<string, (probe: Probe) => Promise<void>>>>
>;
