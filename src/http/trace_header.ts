// Web standards only.

/** The form of a `traceparent`; its first group is the trace id. Source: W3C Trace Context, §3.2. */
export const traceparent: RegExp =
  /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
