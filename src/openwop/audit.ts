// Web standards only.
import type { CallOptions } from "../http/mod.ts";

/** The audit log of a host. Capability `auditLogIntegrity`. Source: v2 §6.2 row 55, v1 §5.2. */
export interface AuditResource {
  /**
   * Checks the chain of the log between two sequences, both included. Retried.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, for a sequence that is none.
   * @throws {UnsupportedError} `unsupported`.
   */
  verify(
    query: { readonly fromSeq: number; readonly toSeq: number },
    options?: CallOptions,
  ): Promise<AuditVerdict>;
}

/** Whether the log is whole. */
export interface AuditVerdict {
  /** As asked. */
  readonly fromSeq: number;
  /** As asked. */
  readonly toSeq: number;
  /** Whether every entry follows from the one before it. */
  readonly chainValid: boolean;
  /** Whether the signatures are good. */
  readonly checkpointsValid?: boolean;
  /** Signed places. */
  readonly checkpoints: readonly {
    readonly checkpoint: string;
    readonly atSequence: number;
    readonly merkleRoot: string;
    readonly signature: string;
  }[];
  /** Where it is broken. */
  readonly anomalies: readonly {
    readonly atSeq: number;
    readonly expectedPrevHash: string;
    readonly actualPrevHash: string;
  }[];
}
