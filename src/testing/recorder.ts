// Web standards only.
import { concat } from "./faulty_body.ts";
import { Masks } from "./masks.ts";
import type { BodyEnd } from "./replies.ts";
import { toTapedText } from "./tape.ts";
import type { Tape, TapedExchange } from "./tape.ts";

/** Settings of {@linkcode createRecorder}. */
export interface RecorderOptions {
  /** What answers. @default the global `fetch` */
  readonly fetch?:
    | ((request: Request) => Response | Promise<Response>)
    | undefined;
  /** Values that must not be on the tape, beside those that are found by their names. */
  readonly secrets?: readonly string[] | undefined;
  /** Headers that may be on the tape, beside the well-known harmless ones. */
  readonly keepHeaders?: readonly string[] | undefined;
}

/** Takes down what goes through it. */
export interface Recorder {
  /** Hand it to a client in place of its own. */
  readonly fetch: (
    input: Request | URL | string,
    init?: RequestInit,
  ) => Promise<Response>;
  /** Everything so far. Write it to a file with `JSON.stringify`. */
  readonly tape: Tape;
}

interface Recording {
  readonly request: Request;
  readonly path: string;
  readonly text: string;
  response?: Response;
  readonly chunks: Uint8Array[];
  end: BodyEnd;
}

/**
 * Records real exchanges, to play them back in tests with {@linkcode toRoutes}.
 *
 * Secrets do not reach the tape as far as they can be known: of headers, only the values of well-known harmless ones
 * are kept; query parameters, form fields and JSON properties that are called like a secret are masked, in event
 * streams too; and whatever was found in one of these places, or is named in `secrets`, is taken out everywhere else.
 * Text that says a secret in its own words is kept: read a tape before you check it in.
 *
 * Requests and answers pass through unchanged. Bodies are held in memory, whole. How long anything took is not recorded.
 *
 * @param options Who answers, and what else is secret.
 *
 * @example
 * ```ts
 * import { createRecorder, createScriptedFetch, jsonReply, toRoutes } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const real = createScriptedFetch({ otherwise: jsonReply({ title: "Review", apiKey: "sk-12345678" }) });
 * const recorder = createRecorder({ fetch: real.fetch });
 * await (await recorder.fetch("https://api.test/tasks/7?token=abc", {
 *   headers: { authorization: "Bearer sk-12345678" },
 * })).text();
 * const tape = JSON.stringify(recorder.tape);
 * assert.ok(!tape.includes("sk-12345678") && !tape.includes("abc"));
 *
 * const played = createScriptedFetch({ routes: toRoutes(JSON.parse(tape)) });
 * const response = await played.fetch("https://api.test/tasks/7?token=other");
 * assert.deepEqual(await response.json(), { title: "Review", apiKey: "*" });
 * played.assertDone();
 * ```
 */
export function createRecorder(options: RecorderOptions = {}): Recorder {
  const recordings: Recording[] = [];
  return {
    async fetch(input, init): Promise<Response> {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      const recording: Recording = {
        // The copy is for the tape; it was not read yet.
        request: new Request(request.url, {
          method: request.method,
          headers: request.headers,
        }),
        path: pathname + search,
        text: request.body ? await request.clone().text() : "",
        chunks: [],
        end: "stay",
      };
      recordings.push(recording);
      try {
        const response = await (options.fetch ?? globalThis.fetch)(request);
        recording.response = response;
        return overhear(response, recording);
      } catch (error) {
        if (!request.signal.aborted) recording.end = "cut";
        throw error;
      }
    },
    get tape(): Tape {
      const masks = new Masks(
        options.secrets ?? [],
        options.keepHeaders ?? [],
      );
      for (const { request, path, text, response, chunks } of recordings) {
        masks.learnHeaders(request.headers);
        masks.learnPath(path);
        masks.learnText(text, typeOf(request));
        if (!response) continue;
        masks.learnHeaders(response.headers);
        masks.learnText(toTapedText(concat(chunks)).body, typeOf(response));
      }
      const exchanges = recordings.map((recording) =>
        toTaped(recording, masks)
      );
      return { version: 1, exchanges };
    },
  };
}

function toTaped(
  { request, path, text, response, chunks, end }: Recording,
  masks: Masks,
): TapedExchange {
  const { body, encoding } = toTapedText(concat(chunks));
  return {
    method: request.method,
    path: masks.path(path),
    requestHeaders: masks.headers(request.headers),
    ...(text !== "" && { requestBody: masks.text(text, typeOf(request)) }),
    ...(response && { status: response.status }),
    headers: response ? masks.headers(response.headers) : {},
    ...(response?.body && {
      body: encoding ? body : masks.text(body, typeOf(response)),
    }),
    ...(encoding && { encoding }),
    end,
  };
}

const typeOf = ({ headers }: Request | Response): string =>
  headers.get("content-type") ?? "";

/** The same answer, whose body is taken down as it is read. */
function overhear(response: Response, recording: Recording): Response {
  if (!response.body) {
    recording.end = "close";
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          recording.chunks.push(value);
          return controller.enqueue(value);
        }
        recording.end = "close";
        controller.close();
      } catch (error) {
        recording.end = "cut";
        controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  const { status, statusText, headers } = response;
  return new Response(body as BodyInit, { status, statusText, headers });
}
