// What stands in the place of node:test in a browser: collects the tests, runs them one after the other.

const tests = [];

export default function test(name, ...rest) {
  tests.push({ name, work: rest.at(-1), timeout: rest[0]?.timeout ?? 60_000 });
}

/** Runs what was collected. A test that does not end fails like one that throws. */
export async function runTests() {
  const failures = [];
  for (const { name, work, timeout } of tests) {
    let timer;
    try {
      const late = new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`it did not end in ${timeout} ms`)),
          timeout,
        );
      });
      await Promise.race([(async () => await work({}))(), late]);
    } catch (error) {
      failures.push(`${name}\n${error?.stack ?? error}`);
    } finally {
      clearTimeout(timer);
    }
  }
  return { passed: tests.length - failures.length, failures };
}
