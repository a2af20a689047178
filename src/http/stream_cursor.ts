// Web standards only.

/** How far a stream has been delivered. */
export interface StreamCursor {
  /** The `id` of the last event stream frame that was delivered whole. */
  readonly lastEventId: string | undefined;
  /** The sequence of the last item, where items have one. */
  readonly lastSequence: number | undefined;
}
