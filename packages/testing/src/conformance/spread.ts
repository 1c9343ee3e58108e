/** Of a list at most so many, evenly spread, the first one among them. */
export function spread<Item>(list: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, list.length / most);
  return list.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}
