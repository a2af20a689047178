// Web standards only.
import { NetworkError, TuttiError, within } from "../http/mod.ts";
import type { Clock, JsonObject, WithinOptions } from "../http/mod.ts";

interface Command {
  readonly frame: object;
  readonly resolve: (reply: JsonObject) => void;
  readonly reject: (error: unknown) => void;
  isSent: boolean;
  /** Nobody waits for its answer any more. */
  isLeft: boolean;
}

/**
 * Commands that wait for their answers. Answers carry no id: the server gives them in the order of the commands, so the
 * first one answers the first command, also where nobody waits for it any more.
 */
export interface CommandQueue {
  /** Whether somebody waits for an answer. */
  readonly isWaiting: boolean;
  /** Sends a command as soon as it can be. */
  run(
    frame: { readonly type: string },
    options?: WithinOptions,
  ): Promise<JsonObject>;
  /** Sends what has not been sent. */
  flush(): void;
  /** Hands in an answer; `false` when none is due. */
  answer(reply: JsonObject): boolean;
  /** The connection broke: what was sent has failed, and with `error` everything has. */
  fail(error?: unknown): void;
}

/**
 * Makes the queue.
 *
 * @param send Sends a frame; `false` when there is no session.
 */
export function createCommands(
  clock: Clock,
  send: (frame: object) => boolean,
): CommandQueue {
  let commands: Command[] = [];
  const flush = (): void => {
    for (const command of commands) {
      if (!command.isSent) command.isSent = send(command.frame);
    }
  };
  return {
    flush,
    get isWaiting(): boolean {
      return commands.some(({ isLeft }) => !isLeft);
    },
    run: (frame, { signal, timeoutMs = 30_000 } = {}) =>
      within(
        clock,
        `the command "${frame.type}"`,
        { signal, timeoutMs },
        (signal) =>
          new Promise((resolve, reject) => {
            const command: Command = {
              frame,
              resolve,
              reject,
              isSent: false,
              isLeft: false,
            };
            commands.push(command);
            signal.addEventListener("abort", () => {
              // One that was sent keeps its place, for its answer.
              command.isLeft = true;
              commands = commands.filter((one) =>
                one !== command || one.isSent
              );
            }, { once: true });
            flush();
          }),
      ),
    answer(reply): boolean {
      if (!commands[0]?.isSent) return false;
      const { frame, resolve, reject } = commands.shift()!;
      if (reply.type !== "error") resolve(reply);
      else {
        reject(
          new TuttiError(
            "command-refused",
            `Cannot finish the command "${
              (frame as { readonly type: string }).type
            }": the server refused it`,
            { cause: new Error(String(reply.message)) },
          ),
        );
      }
      return true;
    },
    fail(error): void {
      const failed = commands.filter(({ isSent }) => isSent || error);
      commands = commands.filter((one) => !failed.includes(one));
      for (const { frame, reject } of failed) {
        reject(
          error ??
            new NetworkError(
              `the command "${(frame as { readonly type: string }).type}"`,
              undefined,
            ),
        );
      }
    },
  };
}
