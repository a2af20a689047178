// Web standards only.
import type { RunEvent } from "../../openwop/protocol/mod.ts";
import type { KeyEffect, RunRecord } from "../store.ts";
import { wantedBy } from "../webhooks/subscription.ts";
import type {
  DeadDelivery,
  Delivery,
  DeliveryEnd,
  Subscription,
} from "../webhooks/subscription.ts";
import { DEAD_LIFE_MS } from "./memory_outbox.ts";
import type { OutboxStore } from "./memory_outbox.ts";
import type { SqlRow } from "./sqlite_driver.ts";
import { FREE } from "./sqlite_session.ts";
import type { Session } from "./sqlite_session.ts";

/** Not among the ids in a JSON array. */
const ALLOWED = "webhook NOT IN (SELECT value FROM json_each(?))";

const COLUMNS =
  "d.id, d.webhook, (SELECT run_id FROM runs WHERE id = d.run) AS run_id, d.sequence, d.attempts, d.dead_at";

/** The part of a store in a file that is about subscriptions. */
export class SqliteOutbox implements OutboxStore {
  /** The connection, for the part that is about runs too. */
  protected readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Lets what is wanted of these events wait; within the transaction that keeps them. */
  protected announce(
    run: number,
    record: Pick<RunRecord, "owner" | "tags" | "replay">,
    events: readonly RunEvent[],
  ): void {
    const insert = this.session.sql(
      "INSERT INTO deliveries (webhook, run, sequence, due) VALUES (?, ?, ?, ?)",
    );
    for (const subscription of this.#subscriptions()) {
      for (const event of wantedBy(subscription, record, events)) {
        insert.run(
          subscription.webhookId,
          run,
          event.sequence,
          Date.parse(event.timestamp),
        );
      }
    }
  }

  // deno-lint-ignore require-await
  async hasSubscriptions(): Promise<boolean> {
    return this.isHeard();
  }

  /** Whether anybody wants to hear of anything. */
  protected isHeard(): boolean {
    return this.session.sql("SELECT 1 FROM subscriptions LIMIT 1").get() !==
      undefined;
  }

  // deno-lint-ignore require-await
  async addSubscription(
    subscription: Subscription,
    most: number = Infinity,
  ): Promise<"kept" | "known" | "full"> {
    const { session } = this;
    const { webhookId, tenant } = subscription;
    return session.transaction(() => {
      const known = session.sql("SELECT 1 FROM subscriptions WHERE id = ?")
        .get(webhookId);
      if (known) return "known";
      // An id begins with its tenant and a slash, which 0 comes after.
      const row = session.sql(
        "SELECT count(*) AS n FROM subscriptions WHERE id > ? AND id < ?",
      ).get(`${tenant}/`, `${tenant}0`);
      if (Number(row?.n) >= most) return "full";
      session.sql("INSERT INTO subscriptions VALUES (?, ?)")
        .run(webhookId, JSON.stringify(subscription));
      return "kept";
    });
  }

  // deno-lint-ignore require-await
  async loadSubscription(webhookId: string): Promise<Subscription | undefined> {
    const row = this.session.sql("SELECT json FROM subscriptions WHERE id = ?")
      .get(webhookId);
    return row && JSON.parse(String(row.json));
  }

  // deno-lint-ignore require-await
  async changeSubscription(
    webhookId: string,
    change: (subscription: Subscription) => Subscription,
  ): Promise<Subscription | undefined> {
    return this.session.transaction(() => {
      const row = this.session
        .sql("SELECT json FROM subscriptions WHERE id = ?").get(webhookId);
      if (row === undefined) return undefined;
      const next = change(JSON.parse(String(row.json)));
      this.session.sql("UPDATE subscriptions SET json = ? WHERE id = ?")
        .run(JSON.stringify(next), webhookId);
      return next;
    });
  }

  // deno-lint-ignore require-await
  async removeSubscription(
    webhookId: string,
    effect?: KeyEffect,
  ): Promise<boolean> {
    return this.session.transaction(() => {
      this.session.sql("DELETE FROM deliveries WHERE webhook = ?")
        .run(webhookId);
      const { changes } = this.session
        .sql("DELETE FROM subscriptions WHERE id = ?").run(webhookId);
      if (Number(changes) === 0) return false;
      if (effect) this.session.note(webhookId, effect);
      return true;
    });
  }

  // deno-lint-ignore require-await
  async takeDeliveries(
    now: number,
    except: readonly string[],
    limit: number,
  ): Promise<readonly Delivery[]> {
    const { session } = this;
    const ids = JSON.stringify(except);
    // Of several rows of a group, SQLite gives the columns of the one with the minimum.
    const look = (): SqlRow[] =>
      session.sql(
        `SELECT ${COLUMNS}, min(d.due) AS due FROM deliveries d WHERE dead_at IS NULL AND due <= ? AND ${ALLOWED} AND ${FREE} GROUP BY webhook LIMIT ?`,
      ).all(now, ids, session.settings.now(), limit);
    // Most of the time there is nothing, and a read disturbs nobody.
    if (look().length === 0) return [];
    return session.transaction(() => {
      session.beat();
      const found = look();
      for (const row of found) {
        session.sql("UPDATE deliveries SET holder = ? WHERE id = ?")
          .run(session.me, row.id!);
      }
      return found.map(deliveryOf);
    });
  }

  // deno-lint-ignore require-await
  async nextDelivery(except: readonly string[]): Promise<number | undefined> {
    const row = this.session.sql(
      `SELECT min(due) AS due FROM deliveries WHERE dead_at IS NULL AND ${ALLOWED} AND ${FREE}`,
    ).get(JSON.stringify(except), this.session.settings.now());
    return row?.due === null || row === undefined ? undefined : Number(row.due);
  }

  // deno-lint-ignore require-await
  async settleDelivery({ id }: Delivery, end: DeliveryEnd): Promise<void> {
    const { session } = this;
    // Somebody else may have it by now, or the id may belong to another delivery.
    const { me } = session;
    if (end.state === "done") {
      session.sql("DELETE FROM deliveries WHERE id = ? AND holder = ?")
        .run(id, me);
    } else if (end.state === "again") {
      session.sql(
        "UPDATE deliveries SET attempts = attempts + 1, due = ?, holder = NULL WHERE id = ? AND holder = ?",
      ).run(end.due, id, me);
    } else {
      session.sql(
        "UPDATE deliveries SET attempts = attempts + 1, dead_at = ?, holder = NULL WHERE id = ? AND holder = ?",
      ).run(end.at, id, me);
      session.sql("DELETE FROM deliveries WHERE dead_at < ?")
        .run(end.at - DEAD_LIFE_MS);
    }
  }

  // deno-lint-ignore require-await
  async deadDeliveries(
    webhookId: string,
    before: number,
    limit: number,
  ): Promise<readonly DeadDelivery[]> {
    return this.session.sql(
      `SELECT ${COLUMNS} FROM deliveries d WHERE webhook = ? AND id < ? AND dead_at IS NOT NULL ORDER BY id DESC LIMIT ?`,
    ).all(webhookId, before, limit)
      .map((row) => ({ ...deliveryOf(row), at: Number(row.dead_at) }));
  }

  #subscriptions(): Subscription[] {
    return this.session.sql("SELECT json FROM subscriptions").all()
      .map(({ json }) => JSON.parse(String(json)));
  }
}

function deliveryOf(row: SqlRow): Delivery {
  return {
    id: Number(row.id),
    webhookId: String(row.webhook),
    runId: String(row.run_id),
    sequence: Number(row.sequence),
    attempts: Number(row.attempts),
  };
}
