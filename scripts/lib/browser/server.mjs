// The server that a browser under test talks to: the page, and an API that misbehaves in known ways.
import { createServer } from "node:http";

const HEAD = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
};

/**
 * Serves the page with the program, and the routes of tests/browser/real_server.ts.
 *
 * @param program The bundled tests.
 * @param report Told what the page says when it is through.
 */
export async function serveTests(program, report) {
  let flaky = 0;
  let holding = 0;
  let cuts = 0;

  const hold = (response) => {
    holding++;
    response.once("close", () => holding--);
  };
  const answer = (response, value, status = 200) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  const routes = {
    echo: async (request, response) => {
      let body = "";
      for await (const chunk of request.setEncoding("utf8")) body += chunk;
      answer(response, {
        method: request.method,
        url: request.url,
        team: request.headers["x-team"],
        type: request.headers["content-type"],
        body,
      });
    },
    flaky: (_request, response) => {
      flaky++;
      if (flaky === 1) answer(response, "busy", 503);
      else if (flaky === 2) response.destroy();
      else answer(response, "in the end");
    },
    status: (_request, response, code) => answer(response, "no", Number(code)),
    redirect: (_request, response) => {
      response.writeHead(302, { location: "/api/echo" }).end();
    },
    silent: () => {},
    held: (_request, response) => hold(response),
    holding: (_request, response) => answer(response, holding),
    pages: (_request, response, page) => {
      const at = Number(page);
      answer(response, {
        items: [2 * at, 2 * at + 1],
        ...(at < 2 && { next: at + 1 }),
      });
    },
    numbers: (request, response) => {
      const from = Number(request.headers["last-event-id"] ?? -1) + 1;
      const frames = Array.from(
        { length: 50 - from },
        (_, n) => `id: ${from + n}\ndata: ${from + n}\n\n`,
      ).join("");
      response.writeHead(200, HEAD);
      // Three times it breaks in the middle of a line.
      if (cuts++ < 3) {
        response.write(
          `retry: 1\n\n${frames.slice(0, 145)}`,
          () => setTimeout(() => response.destroy(), 20),
        );
      } else response.end(frames);
    },
    endless: (_request, response) => {
      hold(response);
      response.writeHead(200, HEAD);
      let n = 0;
      const timer = setInterval(
        () => response.write(`id: ${n}\ndata: ${n++}\n\n`),
        10,
      );
      response.once("close", () => clearInterval(timer));
    },
  };

  const server = createServer(async (request, response) => {
    const [, first, second, third] = request.url.split(/[/?]/);
    if (first === "api" && routes[second]) {
      return await routes[second](request, response, third);
    }
    if (first === "report") {
      let text = "";
      for await (const chunk of request.setEncoding("utf8")) text += chunk;
      response.end();
      return report(JSON.parse(text));
    }
    const isProgram = first === "tests.js";
    response.writeHead(isProgram || first === "" ? 200 : 404, {
      "content-type": isProgram ? "text/javascript" : "text/html",
    });
    response.end(
      isProgram
        ? program
        : '<!doctype html><meta charset="utf-8"><script type="module" src="/tests.js"></script>',
    );
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
