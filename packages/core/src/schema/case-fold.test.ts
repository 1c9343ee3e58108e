import { expect, test } from "vitest";
import { caseFold } from "./case-fold.js";

test.each([
  ["Camel_X", "camel_x"],
  ["STRASSE", "strasse"],
  ["Straße", "strasse"],
  ["STRAẞE", "strasse"],
  ["ΣΊΣΥΦΟΣ", "σίσυφοσ"],
  ["ﬀ", "ff"],
  ["\u212a", "k"],
  ["ı", "ı"],
  ["İ", "i\u0307"],
  ["😀É", "😀é"],
])("%s is %s", (name, folded) => {
  expect(caseFold(name)).toBe(folded);
});
