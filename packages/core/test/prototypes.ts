/** Everything that all objects, functions and lists inherit: equal before and after when nothing was written there. */
export function inherited(): unknown {
  return [Object.prototype, Function.prototype, Array.prototype, Object, Map.prototype].map((owner) =>
    Reflect.ownKeys(owner).map((key) => [key, Object.getOwnPropertyDescriptor(owner, key)]),
  );
}

/** Names that mean something to every JavaScript object. */
export const inheritedNames = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "then",
];
