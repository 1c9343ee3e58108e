/**
 * A function that has the members of `prototype` instead of those that functions have, `name` included. Needed because a resource
 * can be called for a copy with other arguments, and is used like any object otherwise.
 */
export function callable<Members extends object>(call: (args?: unknown) => unknown, prototype: Members): Members {
  Reflect.deleteProperty(call, "name");
  Reflect.deleteProperty(call, "length");
  return Object.setPrototypeOf(call, prototype) as unknown as Members;
}
