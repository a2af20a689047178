// Answers that are made in memory, so that no network is measured.

/** A function that gives a new event stream response of these chunks each time. */
export function responder(chunks) {
  return () => {
    let next = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (next < chunks.length) controller.enqueue(chunks[next++]);
        else controller.close();
      },
    });
    return new Response(body, {
      headers: { "content-type": "text/event-stream" },
    });
  };
}
