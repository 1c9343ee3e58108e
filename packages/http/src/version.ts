import manifest from "../package.json" with { type: "json" };

/** Of this package, which tells servers who is asking. */
export const { version } = manifest;
