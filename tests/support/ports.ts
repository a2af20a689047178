import { connect } from "node:net";

/** Whether nobody listens at a port of this machine; the system itself says so, at once. */
export function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => resolve(true));
  });
}

/**
 * Whether something holds that may fail because another program was given the port that was given back. That cannot
 * happen each time.
 */
export async function onAnyPort(
  holds: () => Promise<boolean>,
): Promise<boolean> {
  for (let n = 0; n < 10; n++) if (await holds()) return true;
  return false;
}
