import { Readable } from "node:stream";
import { isDltError, type Pipeline, type RunData } from "@dlt/pipeline";
import fastify, { type FastifyInstance } from "fastify";
import { page } from "./page.js";

/**
 * A web app around a pipeline: `POST /run` starts a run, `DELETE /run` stops it, `GET /events` streams what happens to any number of
 * pages, as server-sent events.
 */
export function webApp(pipeline: Pipeline, data: () => RunData): FastifyInstance {
  const app = fastify();
  let running: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null;

  app.get("/", (_request, reply) => reply.type("text/html").send(page));

  app.post("/run", (_request, reply) => {
    // One at a time: a second run of the same pipeline would fail with PIPELINE_BUSY.
    if (running !== null) return reply.code(409).send({ error: "It runs already." });
    const stop = new AbortController();
    const ended = pipeline
      // With checkpoints, a run that is stopped keeps what it has read, and the next one goes on from there.
      .run(data(), { signal: stop.signal, checkpoint: { everyRows: 1000 } })
      .then(
        (info) => app.log.info(String(info)),
        // Pages were told by the last event; what is not of the library is a fault of this program.
        (error: unknown) => {
          if (!isDltError(error)) throw error;
          app.log.warn(error.message);
        },
      )
      .finally(() => {
        running = null;
      });
    running = { stop, ended };
    return reply.code(202).send();
  });

  app.delete("/run", (_request, reply) => {
    running?.stop.abort();
    return reply.code(202).send();
  });

  app.get("/events", (request, reply) => {
    // The page was closed, or its network is gone. A slow page holds up nothing: it is told the newest counts when it comes to read them.
    const gone = new AbortController();
    request.raw.once("close", () => gone.abort());
    const messages = async function* () {
      yield "retry: 1000\n\n";
      for await (const event of pipeline.events({ signal: gone.signal })) yield `data: ${JSON.stringify(event)}\n\n`;
    };
    return reply.type("text/event-stream").header("cache-control", "no-store").send(Readable.from(messages()));
  });

  // Closing the app stops the run and waits for it, and ends the streams.
  app.addHook("preClose", async () => {
    await pipeline.close();
    await running?.ended;
  });
  return app;
}
