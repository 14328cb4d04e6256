import type { Answer } from "@clew/core";
import { expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";
import { optionsOf, question } from "../test/persisted-run.mjs";
import { modelOf } from "../test/wise-model.js";
import { replay } from "./replay.js";

/** The record as another process would find it. */
const stored = ({ trace }: Answer) => JSON.parse(JSON.stringify(trace)) as Answer["trace"];

it("an extractive run", async () => {
  const answer = await createRetrievalAgent({ retriever: myths() }).ask(chainQuestion);
  const again = await replay(stored(answer));
  expect(JSON.stringify(again)).toBe(JSON.stringify(answer));
});

it("a run of models", async () => {
  const answer = await createRetrievalAgent({ retriever: myths(), models: modelOf({}) }).ask(chainQuestion);
  const again = await replay(stored(answer));
  expect(JSON.stringify(again)).toBe(JSON.stringify(answer));
});

it("a run with repair", async () => {
  const answer = await createRetrievalAgent(optionsOf(undefined, () => undefined)).ask(question);
  const again = await replay(stored(answer));
  expect(JSON.stringify(again)).toBe(JSON.stringify(answer));
});
