import { analyzer } from "@clew/core/text";
import { expect, it } from "vitest";
import { chooseSource } from "./choose-source.js";

const sources = [
  { name: "filings", about: "Annual and quarterly reports (10-K, 10-Q) of listed companies: revenue, income, risks." },
  { name: "tickets", about: "Support tickets of customers: complaints, bugs, refunds." },
  { name: "web_pages", about: "Public web pages and news of companies." },
];

it.each<[question: string, source: string | undefined]>([
  ["What revenue did Acme report for the second quarter?", "filings"],
  ["Which bugs do customers complain about?", "tickets"],
  ["What do the tickets say about the login?", "tickets"],
  ["Is there any news about Acme?", "web_pages"],
  // nothing tells
  ["Who founded Acme?", undefined],
  ["", undefined],
  // two tell alike
  ["Do companies answer?", undefined],
  ["Are the risks named in tickets?", undefined],
])("%j: %s", (question, source) => {
  expect(chooseSource(question, sources, analyzer())).toBe(source);
});

it("has no choice where there is no other", () => {
  expect(chooseSource("Who?", [], analyzer())).toBeUndefined();
  expect(chooseSource("Who?", sources.slice(0, 1), analyzer())).toBe("filings");
});
