import { type Received, startServer, type TestServer } from "../server.js";
import type { MockAnswer } from "./scenario.js";

/** A server that gives the first answer of a case that fits. */
export async function startMockApi(answers: readonly MockAnswer[]): Promise<TestServer> {
  const used = new Map<MockAnswer, number>();
  const server = await startServer((request) => {
    const answer = answers.find((each) => fits(each, request, used.get(each) ?? 0));
    if (answer === undefined) return { status: 404, json: { error: "not found" } };
    used.set(answer, (used.get(answer) ?? 0) + 1);
    const { status = 200, headers = {}, json, text } = answer;
    const moved = (content: string) => content.replaceAll("http://api.test", server.url);
    return {
      status,
      headers: JSON.parse(moved(JSON.stringify(headers))) as Record<string, string>,
      ...(text === undefined ? { json: JSON.parse(moved(JSON.stringify(json))) as unknown } : { body: moved(text) }),
    };
  });
  return server;
}

function fits(answer: MockAnswer, { method, path, query, headers, body }: Received, usedTimes: number): boolean {
  const { method: wanted = "GET", query: pairs = {}, absent = [], body_has = {}, needs_headers = {}, times } = answer;
  const hasPair = ([name, value]: readonly [string, string]) =>
    query.some(([key, given]) => key === name && given === value);
  const sent = body.startsWith("{") ? (JSON.parse(body) as Readonly<Record<string, unknown>>) : {};
  return (
    method === wanted &&
    decodeURIComponent(path) === answer.path &&
    Object.entries(pairs).every(hasPair) &&
    !absent.some((name) => query.some(([key]) => key === name)) &&
    Object.entries(body_has).every(([key, value]) => JSON.stringify(sent[key]) === JSON.stringify(value)) &&
    Object.entries(needs_headers).every(([name, value]) => headers[name.toLowerCase()] === value) &&
    (times === undefined || usedTimes < times)
  );
}
