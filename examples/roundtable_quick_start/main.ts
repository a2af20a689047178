// Teaches: a Round Table client from the environment. Set ROUNDTABLE_BASE_URL, ROUNDTABLE_EMAIL and ROUNDTABLE_PASSWORD
// for a server of yours; without them a stand-in answers.
import process from "node:process";
import assert from "node:assert/strict";
import { RoundTableClient, roundTableFromEnv } from "@tutti/sdk/roundtable";
import { quickStart } from "./quick_start.ts";
import { standIn } from "./stand_in.ts";

const { env } = process;
const client = env.ROUNDTABLE_BASE_URL
  ? new RoundTableClient(roundTableFromEnv(env))
  : new RoundTableClient({
    baseUrl: "http://localhost:8000/api/v1",
    email: "ada@workshop.example.com",
    password: "correct-horse-9",
    fetch: standIn(),
  });

const said: string[] = [];
await quickStart(client, (line) => {
  said.push(line);
  console.log(line);
});
assert.equal(said.at(0), "Round Table 0.1.0 answers");
assert.equal(said.at(-1), "all gone");
