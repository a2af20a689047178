// Compares two functions in one process, in alternating order, and says how far to trust the result.
import { performance } from "node:perf_hooks";

/** The value below which a share `p` of `values` lies. */
export function quantile(values, p) {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.floor(p * sorted.length)];
}

/** Milliseconds for each call, over `calls` of them. */
async function slice(f, calls) {
  const start = performance.now();
  for (let call = 0; call < calls; call++) {
    const result = f();
    if (result?.then) await result;
  }
  return (performance.now() - start) / calls;
}

/** How many calls of `f` take about `ms` milliseconds once it is warm. */
export async function callsFor(f, ms = 10) {
  // Twenty calls of something slow would take longer than the measurement: a few warm it as well.
  const until = performance.now() + 20 * ms;
  for (let call = 0; call < 20 && performance.now() < until; call++) {
    await slice(f, 1);
  }
  const one = await slice(f, 1);
  return Math.max(1, Math.round(ms / (one > ms ? one : await slice(f, 10))));
}

/**
 * Measures how many times faster `a` is than `b`.
 *
 * One after the other, functions are measured in different states of compiler and machine: the same pair gave from 1.2
 * to 51. So slices of both alternate, and each pair of slices gives one ratio.
 *
 * @returns Median and quartiles of time(b) / time(a), and the median milliseconds of each.
 */
export async function ratio(a, b, { rounds = 41, warm = 5, ms = 10 } = {}) {
  const [callsA, callsB] = [await callsFor(a, ms), await callsFor(b, ms)];
  const ratios = [];
  const timesA = [];
  const timesB = [];
  for (let round = -warm; round < rounds; round++) {
    let timeA, timeB;
    if (round & 1) {
      timeA = await slice(a, callsA);
      timeB = await slice(b, callsB);
    } else {
      timeB = await slice(b, callsB);
      timeA = await slice(a, callsA);
    }
    if (round < 0) continue;
    ratios.push(timeB / timeA);
    timesA.push(timeA);
    timesB.push(timeB);
  }
  return {
    median: quantile(ratios, 0.5),
    q1: quantile(ratios, 0.25),
    q3: quantile(ratios, 0.75),
    msA: quantile(timesA, 0.5),
    msB: quantile(timesB, 0.5),
  };
}

/** The furthest that the control, a function against itself, may be from 1. */
export const tolerance = 0.05;

/** Whether the ratio of a function to itself leaves a measurement any worth. */
export function isTrustworthy({ median }) {
  return Math.abs(median - 1) <= tolerance;
}
