import type { Paginator } from "./paginator.js";

/** One request, and no more. */
export const singlePage: Paginator = {
  type: "single_page",
  first: null,
  requestAt: (request) => request,
  next: () => null,
};
