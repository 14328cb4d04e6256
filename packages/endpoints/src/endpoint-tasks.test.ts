import { describe, expect, expectTypeOf, it } from "vitest";
import { endpoint } from "./endpoint.js";
import { EndpointModel } from "./endpoint-model.js";

const baseURL = "http://127.0.0.1:9/v1";

describe("the task of an endpoint", () => {
  it("is to chat unless it says otherwise", () => {
    const model = endpoint({ kind: "vllm", baseURL, model: "m" });
    expectTypeOf(model).toEqualTypeOf<EndpointModel>();
    expect(model).toBeInstanceOf(EndpointModel);
    expect(endpoint({ task: "chat", kind: "vllm", baseURL, model: "m" })).toBeInstanceOf(EndpointModel);
  });

  it("may be to rerank", () => {
    const reranker = endpoint({ task: "rerank", kind: "vllm", baseURL, model: "tuned-reranker" });
    expect(reranker.id).toContain("tuned-reranker");
  });

  it("may be to embed: the server is asked for its dimensions", async () => {
    const embedder = endpoint({ task: "embed", kind: "vllm", baseURL, model: "tuned", retries: 0 });
    await expect(embedder).rejects.toMatchObject({ code: "embedder-failed" });
  });

  it("is refused when it is none of these", () => {
    expect(() => endpoint({ task: "paint", kind: "vllm", baseURL, model: "m" } as never)).toThrow("task");
  });
});
