import { readExtracted } from "./extracted-package.js";
import { readNormalized } from "./normalized-package.js";
import { type ExtractedPlace, listExtracted, listPackages, type PackageStore } from "./package-store.js";

/**
 * The packages of an extract in the order in which they are normalized and loaded: the one that has the state is the last. A load that
 * begins in between, or a machine that takes over from the destination, must not find a state whose rows are not there.
 */
export function stateLast<Package>(
  packages: readonly Package[],
  hasState: (each: Package) => boolean,
): readonly Package[] {
  return [...packages.filter((each) => !hasState(each)), ...packages.filter(hasState)];
}

/** The packages that wait to be normalized, oldest extract first. */
export async function normalizeOrder(store: PackageStore): Promise<readonly ExtractedPlace[]> {
  const packages: OrderedPackage<ExtractedPlace>[] = [];
  for (const place of await listExtracted(store)) {
    const { state } = await readExtracted(store, place.loadId);
    packages.push({ place, extractId: place.extractId, hasState: state !== null });
  }
  return inOrder(packages);
}

/** The ids of the packages that wait to be loaded, oldest extract first. */
export async function loadOrder(store: PackageStore): Promise<readonly string[]> {
  const packages: OrderedPackage<string>[] = [];
  for (const loadId of await listPackages(store, "normalized")) {
    const { origin, state } = await readNormalized(store, loadId);
    packages.push({ place: loadId, extractId: origin.extractId ?? loadId, hasState: state !== null });
  }
  return inOrder(packages);
}

interface OrderedPackage<Place> {
  readonly place: Place;
  readonly extractId: string;
  readonly hasState: boolean;
}

function inOrder<Place>(packages: readonly OrderedPackage<Place>[]): readonly Place[] {
  const extracts = new Map<string, OrderedPackage<Place>[]>();
  for (const each of packages) extracts.set(each.extractId, [...(extracts.get(each.extractId) ?? []), each]);
  return [...extracts.values()]
    .flatMap((extract) => stateLast(extract, ({ hasState }) => hasState))
    .map(({ place }) => place);
}
