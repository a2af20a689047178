// Web standards only.
import type { Store } from "../host/mod.ts";
import {
  claim,
  claimed,
  definition,
  ended,
  ID,
  inFlight,
  lines,
  record,
  same,
} from "./store_samples.ts";

type Look = (store: Store) => Promise<void>;

/** What a store promises about requests that are made again, and about runs that want to be alone. */
export const keyPromises: Readonly<Record<string, Look>> = {
  "what a claim did is kept with the events, and known to who claims again":
    async (store) => {
      await store.createRun(record, lines(0, 1));
      await store.claimKey(claim("d", "s1"));
      const effect = { scope: "k", answer: { status: "cancelled" } };
      // What was not kept had no effect.
      same(await store.append(ID, 7, lines(8, 1), false, [], effect), "behind");
      await store.release();
      same(await store.claimKey(claim("d", "s2")), claimed("s1"));
      same(await store.append(ID, 0, lines(1, 1), false, [], effect), "kept");
      await store.release();
      const again = { state: "claimed", seed: "s1" };
      const effects = { [ID]: effect.answer };
      same(await store.claimKey(claim("d", "s3")), { ...again, effects });
      await store.settleKey("k", { status: 200, headers: {}, body: {} });
      const known = await store.claimKey(claim("d", "s4"));
      same(known.state, "done");
    },
  "a claim that is given back open is nobody else's": async (store) => {
    await store.claimKey(claim("d", "s1"));
    await store.releaseKey("k", true);
    same(await store.claimKey(claim("e", "s2")), inFlight("d"));
    same(await store.claimKey(claim("d", "s3")), claimed("s1"));
    same(await store.claimKey(claim("d", "s4")), inFlight("d"));
  },
  "a run that wants to be alone is not kept beside an open one of its scope":
    async (store) => {
      const scoped = { ...record, scopeId: "cart 7" };
      const id = (n: number): string => `${ID}${n}`;
      const create = (n: number, scopeId: string, isAlone: boolean) =>
        store.createRun(
          { ...record, runId: id(n), scopeId },
          lines(0, 1),
          true,
          isAlone,
        );
      await store.createRun(scoped, lines(0, 1));
      same(await store.openRunOf("acme", "cart 7"), ID);
      same(await create(1, "cart 7", true), false);
      same((await store.loadRun(id(1))) === undefined, true);
      same(await create(2, "cart 8", true), true);
      same(await create(3, "cart 7", false), true);
      same((await store.openRunOf("beta", "cart 7")) === undefined, true);
      await store.append(ID, 0, [ended(1, 1_000)]);
      same(await create(4, "cart 7", true), false);
      same(await store.openRunOf("acme", "cart 7"), id(3));
      await store.append(id(3), 0, [ended(1, 1_000)]);
      same((await store.openRunOf("acme", "cart 7")) === undefined, true);
      same(await create(5, "cart 7", true), true);
      same((await store.loadRun(id(5)))?.scopeId, "cart 7");
    },
};

/** What a store promises about workflows that were given to it. */
export const workflowPromises: Readonly<Record<string, Look>> = {
  "a workflow is kept until who gave it replaces or removes it": async (
    store,
  ) => {
    const newer = { ...definition, version: "2.0.0" };
    const load = () => store.loadWorkflow("d", "acme");
    same((await load()) === undefined, true);
    same(await store.putWorkflow({ tenant: "acme", definition }), "created");
    const first = await load();
    same(first, definition);
    same(await load() === first, true);
    const next = { tenant: "acme", definition: newer };
    same(await store.putWorkflow(next), "replaced");
    same(await load(), newer);
    same(await store.removeWorkflow("d", "acme"), true);
    same(await store.removeWorkflow("d", "acme"), false);
    same((await load()) === undefined, true);
  },
  "what one tenant gave is nothing to another, who may give the same id":
    async (
      store,
    ) => {
      const other = { ...definition, version: "2.0.0" };
      await store.putWorkflow({ tenant: "acme", definition });
      same((await store.loadWorkflow("d", "beta")) === undefined, true);
      same(await store.removeWorkflow("d", "beta"), false);
      const theirs = { tenant: "beta", definition: other };
      same(await store.putWorkflow(theirs), "created");
      same(await store.loadWorkflow("d", "acme"), definition);
      same(await store.loadWorkflow("d", "beta"), other);
      same(await store.removeWorkflow("d", "acme"), true);
      same(await store.loadWorkflow("d", "beta"), other);
    },
  "a tenant has no more workflows than it may, also when two come at once":
    async (store) => {
      const put = (id: string, tenant = "acme") =>
        store.putWorkflow({ tenant, definition: { ...definition, id } }, 2);
      same(await put("a"), "created");
      const ends = await Promise.all([put("b"), put("c")]);
      same([...ends].sort(), ["created", "full"]);
      same((await store.listWorkflows("acme")).length, 2);
      same(await put("a"), "replaced");
      same(await put("d", "beta"), "created");
    },
  "what became of a workflow is kept for the claim of who did it": async (
    store,
  ) => {
    const again = async (): Promise<unknown> => {
      await store.release();
      return await store.claimKey(claim("d", "s2"));
    };
    await store.claimKey(claim("d", "s1"));
    await store.putWorkflow(
      { tenant: "acme", definition },
      9,
      (answer) => ({ scope: "k", answer }),
    );
    const first = { state: "claimed", seed: "s1" };
    same(await again(), { ...first, effects: { d: "created" } });
    const effect = { scope: "k", answer: true };
    await store.removeWorkflow("e", "acme", effect);
    await store.removeWorkflow("d", "acme", effect);
    same(await again(), { ...first, effects: { d: true } });
  },
  "workflows are listed by who gave them, in order": async (store) => {
    for (const id of ["b", "a", "c"]) {
      const tenant = id === "c" ? "beta" : "acme";
      await store.putWorkflow({ tenant, definition: { ...definition, id } });
    }
    same(await store.listWorkflows("acme"), ["a", "b"]);
    same(await store.listWorkflows("gamma"), []);
  },
  "a workflow outlives the runs that had its definition": async (store) => {
    await store.putWorkflow({ tenant: "acme", definition });
    await store.createRun(record, lines(0, 1));
    await store.append(ID, 0, [ended(1, 1_000)]);
    same(await store.prune(2_000), 1);
    same(await store.loadWorkflow("d", "acme"), definition);
  },
};

/** What a shared store promises about them. */
export const sharedWorkflowPromises: Readonly<
  Record<string, (one: Store, two: Store) => Promise<void>>
> = {
  "a workflow that one process keeps is there for another at once": async (
    one,
    two,
  ) => {
    const newer = { ...definition, version: "2.0.0" };
    await one.putWorkflow({ tenant: "acme", definition });
    same(await two.loadWorkflow("d", "acme"), definition);
    same((await two.loadWorkflow("d", "beta")) === undefined, true);
    await two.putWorkflow({ tenant: "acme", definition: newer });
    same(await one.loadWorkflow("d", "acme"), newer);
    await one.removeWorkflow("d", "acme");
    same((await two.loadWorkflow("d", "acme")) === undefined, true);
  },
  "of two processes that give the last workflow of a tenant one does": async (
    one,
    two,
  ) => {
    const put = (store: Store, id: string) =>
      store.putWorkflow(
        { tenant: "acme", definition: { ...definition, id } },
        1,
      );
    const ends = await Promise.all([put(one, "a"), put(two, "b")]);
    same([...ends].sort(), ["created", "full"]);
  },
  "of two processes that want to be alone with one scope one is": async (
    one,
    two,
  ) => {
    const create = (store: Store, n: number) =>
      store.createRun(
        { ...record, runId: `${ID}${n}`, scopeId: "s" },
        lines(0, 1),
        true,
        true,
      );
    const ends = await Promise.all([create(one, 1), create(two, 2)]);
    same(ends.filter(Boolean).length, 1);
  },
};
