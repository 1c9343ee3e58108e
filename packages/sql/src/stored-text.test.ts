import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { storedText } from "./stored-text.js";

describe("storedText", () => {
  it("keeps a document that fits, by its bytes", () => {
    expect(storedText("héé")).toBe("héé");
    expect(storedText("héé", 5)).toBe("héé");
  });

  it("compresses a longer one", () => {
    const stored = storedText("héé", 4);
    expect(inflateSync(Buffer.from(stored, "base64")).toString()).toBe("héé");
  });
});
