// Web standards only.
/**
 * Test a program that talks HTTP without its server: a scripted `fetch`, a scripted local server, everything that can
 * go wrong on a wire, a clock that stands still, and a recorder.
 *
 * Not for production: nothing here is bounded the way that `@tutti/sdk/http` is.
 *
 * @module
 */
export { FakeClock } from "./fake_clock.ts";
export type {
  ConformanceCheck,
  ConformanceResult,
  HostSubject,
} from "./conformance/subject.ts";
export type { Fault, FaultPlan, FaultPoint, WaitHint } from "./faults.ts";
export { hostConformance } from "./host_conformance.ts";
export { countListeners } from "./listeners.ts";
export { createRecorder } from "./recorder.ts";
export type { Recorder, RecorderOptions } from "./recorder.ts";
export * from "./replies.ts";
export type { Script, ScriptOptions } from "./script.ts";
export { createScriptedFetch } from "./scripted_fetch.ts";
export type { ScriptedFetch } from "./scripted_fetch.ts";
export { createScriptedServer } from "./scripted_server.ts";
export type {
  ScriptedServer,
  ScriptedServerOptions,
} from "./scripted_server.ts";
export { settle, until } from "./settle.ts";
export type {
  StepCall,
  StepFault,
  StepFaults,
  StepStub,
} from "./step_stubs.ts";
export { storeConformance } from "./store_conformance.ts";
export type { StoreCheck, StoreSubject } from "./store_conformance.ts";
export type {
  StoreFault,
  StoreFaults,
  StoreOperation,
} from "./store_faults.ts";
export { toRoutes } from "./tape.ts";
export type { Tape, TapedExchange } from "./tape.ts";
export { createTestHost } from "./test_host.ts";
export type { TestHost, TestHostOptions, TestRun } from "./test_host.ts";
