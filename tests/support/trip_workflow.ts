// A workflow with all that a fork can write over: a variable, a channel, outputs of steps; and what it cannot, a question.
import {
  channel,
  defineNode,
  set,
  sub,
  type,
  undo,
  variable,
  workflow,
  write,
} from "@tutti/sdk/dsl";

/** How often each step has been done, by its type. */
export const done = new Map<string, number>();

function count(typeId: string): void {
  done.set(typeId, (done.get(typeId) ?? 0) + 1);
}

const release = defineNode({
  typeId: "local.trip.release",
  input: type<{ seat: string }>(),
  output: type<{ released: string }>(),
  run: ({ seat }) => {
    count(`release ${seat}`);
    return { released: seat };
  },
});
const book = defineNode({
  typeId: "local.trip.book",
  input: type<{ to: string }>(),
  output: type<{ seat: string; price: number; note?: string }>(),
  run: ({ to }) => {
    count("book");
    return { seat: `${to} 12A`, price: 80 };
  },
});
const pay = defineNode({
  typeId: "local.trip.pay",
  input: type<{ amount: number; limit: number; seat: string }>(),
  output: type<{ paid: number }>(),
  run: ({ amount, limit }) => {
    count("pay");
    if (amount > limit) throw new Error("too much");
    return { paid: amount };
  },
});

const tax = workflow("trip-tax", { version: "1.0.0" })
  .input(type<{ to: string }>())
  .step("look", book, ({ input }) => ({ to: input.to }))
  .output(({ look }) => ({ tax: look.price }))
  .build();

/** Books a seat, asks, and pays what the tax and the seat cost. */
export const trip = workflow("trip", { version: "1.0.0" })
  .input(type<{ to: string }>())
  .use(variable("limit", { default: 100 }))
  .use(channel("notes", { reducer: "append", of: type<string>() }))
  .use(channel("aged", { reducer: "append", of: type<string>(), ttl: "1h" }))
  .step("book", book, ({ input }) => ({ to: input.to }), {
    sensitive: ["note"],
    undo: undo(release, ({ output }) => ({ seat: output.seat })),
  })
  .use(sub("tax", tax, ({ input }) => ({ to: input.to })))
  .use(write("noted", ({ notes }) => notes, ({ book }) => book.seat))
  .approval("gate", ({ book }) => ({
    title: "Pay?",
    data: { price: book.price },
  }))
  .step("pay", pay, ({ book, limit }) => ({
    amount: book.price,
    limit,
    seat: book.seat,
  }))
  .use(set("raise", ({ limit }) => limit, ({ pay }) => pay.paid))
  .output(({ pay, limit, notes, book, tax }) => ({
    paid: pay.paid,
    limit,
    notes,
    seat: book.seat,
    tax: tax.tax,
  }))
  .build();

/** Everything that a host of the trip runs. */
export const tripWorkflows: readonly [typeof trip, typeof tax] = [trip, tax];
