// Web standards only.
/** @module */
export {};
