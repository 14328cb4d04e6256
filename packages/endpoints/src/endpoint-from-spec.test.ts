import { describe, expect, it } from "vitest";
import { endpointFromSpec, isEndpointSpec } from "./endpoint-from-spec.js";
import { testModelServer } from "./testing/index.js";

const environment = { OPENAI_API_KEY: "planted-key-1", HF_TOKEN: "planted-key-2" };
const openAI = "https://api.openai.com/v1";

describe("endpointFromSpec", () => {
  it.each([
    ["vllm:http://gpu:8000/v1#my-lora", "vllm", "my-lora", "http://gpu:8000/v1"],
    ["vllm:http://gpu:8000#org/model:8b", "vllm", "org/model:8b", "http://gpu:8000/v1"],
    ["openai:ft:gpt-4.1:acme::x1", "openai", "ft:gpt-4.1:acme::x1", openAI],
    ["huggingface:org/name:provider", "huggingface", "org/name:provider", "https://router.huggingface.co/v1"],
    ["ollama:llama3.2:1b", "ollama", "llama3.2:1b", "http://127.0.0.1:11434"],
    ["ollama:http://box:11434#llama3.2", "ollama", "llama3.2", "http://box:11434"],
    ["llamacpp:http://127.0.0.1:8080", "llamacpp", "default", "http://127.0.0.1:8080/v1"],
    ["tgi:http://gpu:8080/", "tgi", "tgi", "http://gpu:8080"],
    ["azure:https://name.openai.azure.com#my-deployment", "azure", "my-deployment", "https://name.openai.azure.com"],
    ["openai-compatible:http://x/api/v3#m", "openai-compatible", "m", "http://x/api/v3"],
  ])("%s", (spec, kind, model, baseURL) => {
    expect(endpointFromSpec(spec, { environment }).endpoint).toMatchObject({ kind, model, baseURL });
  });

  it.each([
    "gpt-4",
    "",
    "nobody:http://x#m",
    "vllm:",
    "vllm:http://gpu:8000/v1",
    "vllm:my-lora",
    "openai-compatible:m",
    "sagemaker:",
    "sagemaker:#lora",
    "sagemaker:http://x#m",
  ])("refuses %j", (spec) => {
    expect(() => endpointFromSpec(spec, { environment })).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });

  it("shows no key that stands in an address", () => {
    for (const spec of ["vllm:http://me:planted-key-9@gpu/v1#m", "vllm:http://gpu/v1?key=planted-key-9#m"]) {
      expect(() => endpointFromSpec(spec)).toThrow(expect.objectContaining({ code: "invalid-option" }));
      expect(() => endpointFromSpec(spec)).not.toThrow(/planted-key/);
    }
  });

  it("sagemaker: an endpoint by its name, and an adapter on it", async () => {
    const keys = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "AKIAPLANTED", AWS_SECRET_ACCESS_KEY: "planted-key-3" };
    const server = await testModelServer({ protocol: "sagemaker" });
    try {
      const there = { ...keys, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.baseURL };
      const model = endpointFromSpec("sagemaker:my-endpoint#my-lora", { environment: there, temperature: 0 });
      expect(model.endpoint).toMatchObject({ kind: "sagemaker", model: "my-lora", baseURL: server.baseURL });
      expect((await model.invoke("q")).text).toBe("Yes.");
      const [request] = server.requests;
      expect(request).toMatchObject({ path: expect.stringContaining("/endpoints/my-endpoint/invocations") });
      expect(request?.body).toMatchObject({ model: "my-lora", temperature: 0 });
      expect(request?.headers.authorization).toContain("Credential=AKIAPLANTED/");
      expect(JSON.stringify(model)).not.toContain("planted-key");
    } finally {
      await server.close();
    }
    const named = endpointFromSpec("sagemaker:my-endpoint", { environment: keys });
    expect(named.endpoint).toMatchObject({ model: "my-endpoint", baseURL: "sagemaker in eu-west-1" });
    expect(() => endpointFromSpec("sagemaker:my-endpoint", { environment: keys, seed: 1 })).toThrow("seed");
  });

  it("tells an address from a name", () => {
    expect(
      ["vllm:http://x", "openai:https://x#m", "sagemaker:x", "openai:gpt-4", "anthropic:http://x", "x"].map(
        isEndpointSpec,
      ),
    ).toEqual([true, true, true, false, false, false]);
  });
});
