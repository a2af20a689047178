// Web standards only.

const texts = new WeakMap<Response, string>();

/** A response whose text a server in this process can send as it is, without reading it out of a stream. */
export function textResponse(text: string, init: ResponseInit): Response {
  const response = new Response(text, init);
  texts.set(response, text);
  return response;
}

/** The text of such a response, `undefined` of any other. */
export function textOf(response: Response): string | undefined {
  return response.bodyUsed ? undefined : texts.get(response);
}
