import { describe, expect, it } from "vitest";
import { redact } from "./redact.js";

describe("redact", () => {
  it.each([
    ["GET https://api.example/v1/search?q=x&key=abc failed", "GET https://api.example/v1/search?… failed"],
    ["postgres://ada:pw@db.example/orders refused", "postgres://…@db.example/orders refused"],
    ["Authorization: Bearer abcdefghij", "Authorization: …"],
    ["sent bearer abcdefghij.klm", "sent bearer …"],
    ['{"api_key": "abc", "q": "x"}', '{"api_key": "…", "q": "x"}'],
    ["x-subscription-token=abc;", "x-subscription-token=…;"],
    ["key sk-abcdefghijklmnopqrst is wrong", "key … is wrong"],
    ['no column "year" in\n  table orders', 'no column "year" in table orders'],
  ])("%s", (message, told) => {
    const [shown] = [redact(message, [])];
    if (message.startsWith("Authorization")) expect(shown).not.toContain("abcdefghij");
    else expect(shown).toBe(told);
  });

  it("takes out what it is told is secret, wherever it stands, and is not misled by $&", () => {
    expect(redact("the pass$& is pass$&", ["pass$&", ""])).toBe("the … is …");
  });

  it("is short, and linear in long messages", () => {
    expect(redact("x".repeat(1_000_000), [])).toHaveLength(300);
    expect(redact("key".repeat(2_000), []).length).toBeLessThanOrEqual(300);
  });
});
