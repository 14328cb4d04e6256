import { describe, expect, it } from "vitest";
import { cutReason } from "./cut-reason.js";

describe("cutReason", () => {
  it.each([
    ["OpenAI, vLLM, llama.cpp", { finish_reason: "length" }],
    ["Anthropic", { stop_reason: "max_tokens" }],
    ["Ollama", { done_reason: "length" }],
    ["Gemini", { finishReason: "MAX_TOKENS" }],
    ["Bedrock", { messageStop: { stopReason: "max_tokens" } }],
    ["OpenAI's Responses", { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }],
  ])("reads what %s says of an answer that met its limit", (_, said) => {
    expect(cutReason({ response_metadata: said, additional_kwargs: {} })).toMatch(/length|max_/i);
    expect(cutReason({ response_metadata: {}, additional_kwargs: said })).toMatch(/length|max_/i);
  });

  it.each([
    {},
    { finish_reason: "stop" },
    { finish_reason: null },
    { finish_reason: "tool_calls" },
    { stop_reason: "end_turn" },
    { incomplete_details: null },
    { incomplete_details: { reason: "content_filter" } },
  ])("says nothing of %j", (said) => {
    expect(cutReason({ response_metadata: said, additional_kwargs: {} })).toBeUndefined();
  });
});
