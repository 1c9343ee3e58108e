import { readNormalized } from "./normalized-package.js";
import { listPackages, type PackageStore } from "./package-store.js";

/**
 * The packages that wait to be loaded, in the order of their ids. Only of an extract the one that has the state is the last: a
 * machine that takes over from the destination must not find a state whose rows are not there.
 */
export async function loadOrder(store: PackageStore): Promise<readonly string[]> {
  const order: string[] = [];
  let carrier: { readonly loadId: string; readonly extractId: string } | null = null;
  for (const loadId of await listPackages(store, "normalized")) {
    const { origin, state } = await readNormalized(store, loadId);
    const { extractId = loadId } = origin;
    if (carrier !== null && carrier.extractId !== extractId) {
      order.push(carrier.loadId);
      carrier = null;
    }
    if (state === null) order.push(loadId);
    else carrier = { loadId, extractId };
  }
  return carrier === null ? order : [...order, carrier.loadId];
}
