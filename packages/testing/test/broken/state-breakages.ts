import type { DestinationClient, RejectStore, StateStore } from "@dlt/core";
import type { MemoryBreakage } from "./breakage.js";

/** State and rejected rows that are read wrongly. */
export const stateBreakages: readonly MemoryBreakage[] = [
  {
    name: "gives the oldest state for the newest",
    noticedBy: ["the newest state of a completed load is found"],
    instead: (client, { datasets, dataset }) =>
      withState(client, () => ({ readState: async () => datasets.find(dataset)?.states[0] ?? null })),
  },
  {
    name: "tells no other machine of the state",
    noticedBy: ["another machine goes on with the state and the schema of the last load"],
    instead: (client) => withState(client, () => ({ readState: async () => null })),
  },
  {
    name: "counts loads that are not complete",
    noticedBy: ["the greatest id of a completed load is found"],
    instead: (client, { datasets, dataset }) =>
      withState(client, () => ({
        readLastLoadId: async () => [...(datasets.find(dataset)?.marks.keys() ?? [])].at(-1) ?? null,
      })),
  },
  {
    name: "gives rejected rows from the first one again",
    noticedBy: ["rejected rows of completed loads are given in order, a part at a time"],
    instead: (client) =>
      withRejects(client, (rejects) => ({
        rows: (request) => rejects.rows({ ...request, after: { loadId: "", rowNumber: -1, id: "" } }),
      })),
  },
  {
    name: "forgets what links rejected rows to those above",
    noticedBy: ["rejected rows are loaded once the contract lets them in, and only once"],
    instead: (client) =>
      withRejects(client, (rejects) => ({
        rows: async (request) => (await rejects.rows(request)).map((row) => ({ ...row, originJson: null })),
      })),
  },
];

function withState(
  { state }: DestinationClient,
  instead: (state: StateStore) => Partial<StateStore>,
): Pick<DestinationClient, "state"> {
  return state === undefined ? {} : { state: { ...state, ...instead(state) } };
}

function withRejects(
  client: DestinationClient,
  instead: (rejects: RejectStore) => Partial<RejectStore>,
): Pick<DestinationClient, "state"> {
  return withState(client, ({ rejects }) =>
    rejects === undefined ? {} : { rejects: { ...rejects, ...instead(rejects) } },
  );
}
