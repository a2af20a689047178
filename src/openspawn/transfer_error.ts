// Web standards only.
import { brand, TuttiError } from "../http/mod.ts";
import type { TransferCredits } from "./protocol/mod.ts";

/** What an agent had before a transfer. */
export interface BeforeTransfer {
  /** Whole credits. */
  readonly balance: number;
  /** How many entries its history had; -1 where it would not stand still, and nothing can be found out. */
  readonly transactions: number;
}

/**
 * A transfer of credits that may have taken effect. Code: `transfer-uncertain`. Never retryable: made again, it may move
 * the credits again.
 *
 * It holds everything that {@linkcode reconcileTransfer} needs to find out; `cause` is what went wrong.
 */
export class TransferError extends TuttiError {
  /** What was to be moved. */
  declare readonly transfer: TransferCredits;
  /** What the giver had before. */
  declare readonly before: BeforeTransfer;

  /**
   * Makes one; the client does. To settle a transfer later, in another process, make one out of what was stored.
   *
   * @param transfer What was to be moved.
   * @param before What the giver had before.
   * @param cause What went wrong.
   */
  constructor(
    transfer: TransferCredits,
    before: BeforeTransfer,
    cause?: unknown,
  ) {
    super(
      "transfer-uncertain",
      "Cannot tell whether the credits were moved: the server did not say",
      { cause, hint: "do not repeat it: reconcileTransfer() finds out" },
    );
    this.transfer = transfer;
    this.before = before;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is TransferError =
    /* @__PURE__ */ brand(this, "TransferError");
}
