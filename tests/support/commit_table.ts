import type { ScriptedReply } from "@tutti/sdk/testing";

/** A server that honours idempotency keys: it does the work of a key once, and repeats its answer. */
export class CommitTable {
  /** The key of each piece of work that was done, `""` for none. */
  readonly effects: string[] = [];
  readonly #answers = new Map<string, number>();

  /** Answers with the number of the work. */
  readonly reply: ScriptedReply = ({ headers }) => {
    const key = headers.get("idempotency-key") ?? "";
    const known = key === "" ? undefined : this.#answers.get(key);
    if (known !== undefined) {
      return Response.json({ work: known }, {
        headers: { "idempotent-replay": "true" },
      });
    }
    const work = this.effects.push(key);
    this.#answers.set(key, work);
    return Response.json({ work }, { status: 201 });
  };
}
