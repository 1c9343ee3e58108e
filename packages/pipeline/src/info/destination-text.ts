/** Where a load goes, in a sentence: `destination duckdb and into dataset shop`; a destination may have no dataset. */
export function destinationText(info: { readonly destinationName: string; readonly datasetName: string }): string {
  const { destinationName, datasetName } = info;
  return `destination ${destinationName}${datasetName === "" ? "" : ` and into dataset ${datasetName}`}`;
}
