import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/** What collects garbage at once, where the runtime lets a program ask for it: Node and Bun do. */
export function collector(): (() => void) | undefined {
  if (collect) return collect;
  const { Bun } = globalThis as {
    Bun?: { gc(force: boolean): void };
  };
  if (Bun) return collect = () => Bun.gc(true);
  if ("Deno" in globalThis) return undefined;
  setFlagsFromString("--expose-gc");
  return collect = runInNewContext("gc") as () => void;
}

/** Bytes in use, without garbage. What finalizers let go is gone too. */
export async function heapUsed(gc: () => void): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return process.memoryUsage().heapUsed;
}
