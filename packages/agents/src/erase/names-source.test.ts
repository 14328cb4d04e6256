import { ToolMessage } from "@langchain/core/messages";
import { expect, it } from "vitest";
import { namesSource } from "./names-source.js";

const passage = { id: "p", source: "a.md", text: "A thread." };

it.each([
  ["a passage in a record", { passages: { p: passage } }],
  ["a hit in a list", [[{ hits: [{ passage }] }]]],
  ["an output kept as text", JSON.stringify({ at: 1, data: { hits: [{ passage }] } })],
  ["a text within a text", { content: JSON.stringify({ inner: JSON.stringify(passage) }) }],
  [
    "a message of a tool",
    new ToolMessage({ content: "A thread.", tool_call_id: "1", artifact: { citations: [passage] } }),
  ],
  ["what a conversation has heard", { heard: ["c.md", "a.md"], conversation: [] }],
  ["a text of a trace", { texts: { t1: { text: "A thread.", sources: ["a.md"] } } }],
  ["a map", new Map([["x", passage]])],
])("finds %s", (_, state) => {
  expect(namesSource(state, "a.md")).toBe(true);
  expect(namesSource(state, "b.md")).toBe(false);
});

it("takes what may repeat anything for any source", () => {
  expect(namesSource({ heard: "any" }, "a.md")).toBe(true);
  expect(namesSource({ texts: { t1: { text: "A thread.", sources: [], anySource: true } } }, "a.md")).toBe(true);
});

it("ends on circles, and takes a text that mentions the name for no source", () => {
  const circle: Record<string, unknown> = { text: 'He said "a.md".', open: '{ "a.md"' };
  circle.self = circle;
  expect(namesSource(circle, "a.md")).toBe(false);
});

it("tells names apart that have to be escaped", () => {
  const odd = 'C:\\docs\\"x".md';
  expect(namesSource({ kept: JSON.stringify({ source: odd }) }, odd)).toBe(true);
});
