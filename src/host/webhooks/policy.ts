// Web standards only.

/** Attempts for one event before it is given up. */
export const MAX_ATTEMPTS = 6;

/** How long a delivery that was given up can be read. */
export const DEAD_LIFE_DAYS = 30;

/** Dead letters in one answer. */
export const DEAD_LETTER_PAGE = 100;
