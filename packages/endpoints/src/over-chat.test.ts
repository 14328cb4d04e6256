import { scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { overChat } from "./over-chat.js";
import { gate } from "./wire/gate.js";

const info = { kind: "sagemaker", model: "writer", baseURL: "https://runtime.example", api: "chat" } as const;

describe("overChat", () => {
  it("speaks through the model that it is made of, with the limit and repetitions of a view", async () => {
    const made: number[] = [];
    const inner = scriptedModel({ answers: ({ streamed }) => (streamed ? "one two three" : "whole") });
    const model = overChat({
      info,
      make: ({ maxRetries }) => {
        made.push(maxRetries);
        return inner;
      },
      capabilities: { jsonMode: true },
      maxTokens: 50,
      maxRetries: 2,
      gate: gate(2),
      vary: () => undefined,
    });
    expect((await model.invoke("?")).text).toBe("whole");
    const view: typeof model = Object.create(model, { maxTokens: { value: 5 }, maxRetries: { value: 0 } });
    let text = "";
    for await (const chunk of await view.stream("?")) text += chunk.text;
    expect([text, made]).toEqual(["one two three", [2, 0]]);
    expect([model._llmType(), model.endpoint.model, model.capabilities]).toEqual([
      "sagemaker",
      "writer",
      { jsonMode: true },
    ]);
    await model.bindTools!([{ type: "function", function: { name: "look", parameters: {} } }]).invoke("?");
    expect(inner.calls[2]?.tools).toEqual(["look"]);
    expect(await model.describe()).toEqual({ models: [], adapters: [], asked: [] });
  });

  it("calls no tools where its model binds none", () => {
    const inner = Object.create(scriptedModel({ answers: [] }), { bindTools: { value: undefined } });
    const model = overChat({
      info,
      make: () => inner,
      capabilities: { tools: true },
      maxRetries: 0,
      gate: gate(1),
      vary: () => undefined,
    });
    expect(model.capabilities.tools).toBe(false);
    expect(() => model.bindTools!([])).toThrow(/calls no tools/);
  });
});
