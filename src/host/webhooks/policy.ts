// Web standards only.

/** Attempts for one event before it is given up. */
export const MAX_ATTEMPTS = 6;

/** How long a delivery that was given up can be read. */
export const DEAD_LIFE_DAYS = 30;

/** Dead letters in one answer. */
export const DEAD_LETTER_PAGE = 100;

/** How long the secret before the last one signs as well. */
export const OVERLAP_S = 86_400;

/** How long an endpoint may take to answer a challenge. Source: v2 §11.1. */
export const CHALLENGE_MS = 10_000;

/** How deliveries may be signed; the first one always. Source: v2 §11.1. */
export const ALGORITHMS = ["v1", "standard-webhooks-1"] as const;
