/** A promise that may fail while another is waited for, without being reported as unhandled. */
export function watched<Value>(value: Value): Value {
  if (isThenable(value)) value.then(undefined, () => undefined);
  return value;
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** True when the promise settles before the other one; how they settle is not looked at. */
export async function isFirst(promise: Promise<unknown>, other: Promise<unknown>): Promise<boolean> {
  const [isIt, isNot] = [() => true, () => false];
  return await Promise.race([promise.then(isIt, isIt), other.then(isNot, isNot)]);
}
