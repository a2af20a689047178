// Loads test files into one process of Node, whose test runner runs them all once they are there.
import { resolve } from "node:path";
import process from "node:process";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

let begin;
const loaded = new Promise((done) => begin = done);
before(() => loaded);
for (const file of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(resolve(file)));
  } catch (error) {
    // What it had declared by then runs all the same, and would hide that the rest is missing.
    test(file, () => {
      throw error;
    });
  }
}
begin();
