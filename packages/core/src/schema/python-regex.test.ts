import { describe, expect, it } from "vitest";
import { isDltError } from "../errors/index.js";
import { compilePythonRegex } from "./python-regex.js";

describe("compilePythonRegex", () => {
  it.each([
    ["_id$", ["user_id"], ["id_x"]],
    ["^(a|b)$", ["a", "b"], ["ab"]],
    ["^(?P<part>x+)_(?P=part)$", ["xx_xx"], ["xx_x"]],
    ["^\\d+$", ["12", "٣"], ["a"]],
    ["(?a)^\\d+$", ["12"], ["٣"]],
    ["^\\w+$", ["é_1"], ["a-b"]],
    ["(?i)^ABC$", ["abc", "aBc"], ["abd"]],
    ["a{,2}b", ["b", "aab"], ["a"]],
    ["^a{,}$", ["", "aaa"], ["b"]],
    ["^a{$", ["a{"], ["a"]],
    ["^{}$", ["{}"], [""]],
    ["^a{1,2}?$", ["a", "aa"], ["aaa"]],
    ["^[]a]+$", ["]a"], ["b"]],
    ["^[^]a]+$", ["bc"], ["a", "]"]],
    ["^[\\w-]+$", ["a-b"], ["a b"]],
    ["^[-a]+$", ["a-"], ["b"]],
    ["^[\\W]+$", ["- "], ["a"]],
    ["^[a&&b]+$", ["&a"], ["c"]],
    ["^[a\\]b]+$", ["]"], ["c"]],
    ["\\Aab\\Z", ["ab"], ["ab\n", "xab"]],
    ["ab$", ["ab", "ab\n"], ["ab\nc"]],
    ["\\bid\\b", ["an id here", "id"], ["éid", "ids"]],
    ["\\Bid", ["éid"], ["id"]],
    ["^a.c$", ["abc", "a\rc"], ["a\nc"]],
    ["(?s)^a.c$", ["a\nc"], ["ac"]],
    ["(?m)^b$", ["a\nb"], ["a\rb"]],
    ["^\\x41\\u00e9\\101\\0$", ["AéA\0"], ["A"]],
    ["^\\#\\-\\_\\ \\.$", ["#-_ ."], ["#-_ x"]],
    ["^a(?#a comment)b$", ["ab"], ["a"]],
    ["^(a)\\1$", ["aa"], ["a"]],
    ["^}]/$", ["}]/"], ["x"]],
    ["(?<!x)_id", ["y_id"], ["x_id"]],
    ["^\\U0001F600$", ["😀"], ["x"]],
    ["^😀+$", ["😀😀"], ["x"]],
    ["(?x) ^ a [ #] # a comment\n b $", ["a b", "a#b"], ["a", "ab"]],
    ["(?x)^a\\ b", ["a b"], ["ab"]],
    ["", ["anything", ""], []],
  ] as const)("reads %j as Python does", (pattern, matching, others) => {
    const expression = compilePythonRegex(pattern);
    expect(matching.filter((text) => !expression.test(text))).toEqual([]);
    expect(others.filter((text) => expression.test(text))).toEqual([]);
  });

  it.each([
    "[",
    "(",
    "a**",
    "*",
    "(?P<a>x)(?P<a>y)",
    "\\",
    "\\q",
    "[\\q]",
    "(?>a)",
    "a++",
    "a{1,2}+",
    "(a)?(?(1)b|c)",
    "(?i:a)b",
    "[b-a]",
    "[]",
    "a(?i)b",
    "(?L)a",
    "(?P<1>a)",
    "(a)\\10",
  ])("refuses %j with a typed error", (pattern) => {
    let error: unknown;
    try {
      compilePythonRegex(pattern);
    } catch (caught) {
      error = caught;
    }
    expect(isDltError(error) && error.code).toBe("SCHEMA_RULE_INVALID");
  });
});
