// Web standards only.
import { createSseParser } from "../../http/mod.ts";
import { patience } from "../settle.ts";
import { fault, holds, text } from "./expect.ts";
import type { Json } from "./expect.ts";

/** How long a server may take to close the stream of a finished run. Source: v2 §14.4. */
const CLOSE_MS = 8_000;

/** A frame of an event stream. */
export interface Frame {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Json;
}

/** What a stream said until its server closed it. */
export type Frames = readonly Frame[];

/** A stream that is being read. */
export interface LiveFrames {
  /** So far. */
  readonly frames: Frame[];
  /** Comments so far. */
  readonly comments: string[];
  /** Whether the server has closed it. */
  isClosed(): boolean;
  /** Lets go of it. */
  close(): void;
}

/** Reads a stream in the background. */
export function readLive(response: Response, what: string): LiveFrames {
  if (response.status !== 200) {
    fault(`${what}: found ${response.status}, wanted 200`);
  }
  const type = response.headers.get("content-type") ?? "";
  holds(
    /^text\/event-stream\b/.test(type),
    `${what}: the content type is ${type}`,
  );
  const frames: Frame[] = [];
  const comments: string[] = [];
  const parser = createSseParser({
    onFrame: ({ id, event, data }) =>
      frames.push({ id, event, data: parse(data, what) }),
    onComment: (comment) => comments.push(comment),
  });
  const reader = response.body!.getReader();
  let closed = false;
  let broken: unknown;
  const read = async (): Promise<void> => {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        parser.push(value);
      }
      parser.end();
    } catch (error) {
      broken = error;
    }
    closed = true;
  };
  void read();
  return {
    frames,
    comments,
    isClosed(): boolean {
      if (broken) throw broken;
      return closed;
    },
    close(): void {
      // Not waited for: a server that never ends a stream may never end this either.
      reader.cancel().catch(() => {});
    },
  };
}

/** Reads a stream to its end. */
export async function readFrames(
  response: Response,
  what: string,
): Promise<Frames> {
  const live = readLive(response, what);
  const isPatient = patience(CLOSE_MS);
  while (!live.isClosed()) {
    if (!isPatient()) {
      live.close();
      fault(`${what}: the server did not close the stream in 8 s`);
    }
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  }
  return live.frames;
}

function parse(data: string, what: string): Json {
  try {
    return JSON.parse(data);
  } catch {
    fault(`${what}: a frame is no JSON: ${text(data)}`);
  }
}
