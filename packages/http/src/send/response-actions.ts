import { optionInvalid } from "../errors.js";
import { HttpResponse } from "./http-response.js";

/** Looks at an answer. What it returns, if anything, takes the place of the answer. */
export type ResponseFunction = (
  response: HttpResponse,
) => HttpResponse | void | undefined | Promise<HttpResponse | void | undefined>;

/** What to do with certain answers. */
export interface ResponseRule {
  /** A status, several, all of a kind as `4xx`, or a function. Default: any, if `content` is given. */
  readonly statusCode?: number | `${number}xx` | readonly (number | `${number}xx`)[] | ((status: number) => boolean);
  /** Text that the body has in it. */
  readonly content?: string;
  /** `ignore`: the answer counts as none, without error; a list ends there. Functions are called with the answer. */
  readonly action: "ignore" | ResponseFunction | readonly ResponseFunction[];
}

/** Rules and functions are gone through in order for each answer, also for those of attempts that are made again. */
export type ResponseAction = ResponseFunction | ResponseRule;

/** Thrown by a response function, it has the answer ignored, as the action `ignore` does. */
export class IgnoreResponse extends Error {
  override readonly name = "IgnoreResponse";
}

/** Goes through the actions. Gives the answer that counts; `null` for one that is ignored. */
export async function applyActions(
  actions: readonly ResponseAction[],
  response: HttpResponse,
): Promise<HttpResponse | null> {
  let current = response;
  for (const action of actions) {
    const functions = functionsFor(action, current);
    if (functions === "ignore") return null;
    for (const each of functions) {
      try {
        const given = await each(current);
        if (given instanceof HttpResponse) current = given;
      } catch (error) {
        if (error instanceof IgnoreResponse) return null;
        throw error;
      }
    }
  }
  return current;
}

/** @throws SourceError `HTTP_OPTION_INVALID` */
export function checkActions(actions: readonly ResponseAction[]): void {
  for (const each of actions) {
    if (typeof each === "function") continue;
    const { action } = each;
    const isKnown = action === "ignore" || [action].flat().every((step) => typeof step === "function");
    if (!isKnown)
      throw optionInvalid("responseActions.action", "`ignore`, a function or a list of them", { given: action });
    for (const status of [each.statusCode ?? []].flat()) {
      const isStatus = typeof status === "function" || typeof status === "number" || /^[1-5]xx$/i.test(status);
      if (!isStatus)
        throw optionInvalid("responseActions.statusCode", "a number, a kind as `4xx`, or a function", {
          given: status,
        });
    }
  }
}

function functionsFor(action: ResponseAction, response: HttpResponse): "ignore" | readonly ResponseFunction[] {
  if (typeof action === "function") return [action];
  const { statusCode, content } = action;
  if (statusCode === undefined && content === undefined)
    return action.action === "ignore" ? [] : [action.action].flat();
  if (statusCode !== undefined && !isStatus(statusCode, response.status)) return [];
  if (content !== undefined && !response.text().includes(content)) return [];
  return action.action === "ignore" ? "ignore" : [action.action].flat();
}

function isStatus(wanted: NonNullable<ResponseRule["statusCode"]>, status: number): boolean {
  if (typeof wanted === "function") return wanted(status);
  return [wanted]
    .flat()
    .some((each) => (typeof each === "number" ? each === status : Number(each[0]) === Math.floor(status / 100)));
}
