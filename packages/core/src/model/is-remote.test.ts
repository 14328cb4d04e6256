import { FakeListChatModel } from "@langchain/core/utils/testing";
import { describe, expect, it } from "vitest";
import { scriptedModel } from "../testing/scripted-model.js";
import { isRemoteAddress, isRemoteModel } from "./is-remote.js";

describe("isRemoteAddress", () => {
  it.each([
    "http://localhost:8000/v1",
    "http://LOCALHOST./v1",
    "http://gpu.localhost",
    "http://127.0.0.1:11434",
    "http://127.1/v1",
    "http://2130706433/",
    "http://127.250.3.4",
    "http://0.0.0.0:8080",
    "http://[::1]:8000",
    "http://[::ffff:127.0.0.1]/v1",
    "unix:/var/run/model.sock",
    "/var/run/model.sock",
  ])("%s is this machine", (address) => {
    expect(isRemoteAddress(address)).toBe(false);
  });

  it.each([
    "https://api.openai.com/v1",
    "http://10.0.0.7",
    "http://192.168.1.2:8000",
    "http://[fd00::1]/v1",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://127.0.0.1@models.example/v1",
    "http://[::ffff:10.0.0.7]",
    "sagemaker in eu-central-1",
    "",
  ])("%s is another machine", (address) => {
    expect(isRemoteAddress(address)).toBe(true);
  });

  it("hosts that are named count as this machine, whatever their port, and no others", () => {
    const hosts = ["GPU.internal", "10.0.0.7", "fd00::1"];
    expect(
      ["http://gpu.internal:8000/v1", "http://10.0.0.7", "http://[fd00:0::1]"].map((one) =>
        isRemoteAddress(one, hosts),
      ),
    ).toEqual([false, false, false]);
    expect(["http://x.gpu.internal", "http://10.0.0.70"].map((one) => isRemoteAddress(one, hosts))).toEqual([
      true,
      true,
    ]);
  });
});

describe("isRemoteModel", () => {
  it("believes a model that says so itself", () => {
    expect([isRemoteModel({ remote: false }), isRemoteModel({ remote: true, baseURL: "http://localhost" })]).toEqual([
      false,
      true,
    ]);
  });

  it("knows what runs in this process, and takes what it does not know for another machine", () => {
    expect(
      [new FakeListChatModel({ responses: [] }), scriptedModel({ answers: [] })].map((one) => isRemoteModel(one)),
    ).toEqual([false, false]);
    expect([{}, undefined, { _llmType: () => "openai" }, { baseURL: "" }].map((one) => isRemoteModel(one))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it("reads the addresses of known classes; one that leads away is enough", () => {
    const near = { clientConfig: { baseURL: "http://localhost:8000/v1" } };
    expect(isRemoteModel(near)).toBe(false);
    expect(isRemoteModel({ endpoint: { kind: "vllm", baseURL: "http://127.0.0.1:8000/v1" } })).toBe(false);
    expect(isRemoteModel({ baseUrl: "http://127.0.0.1:11434" })).toBe(false);
    expect(isRemoteModel({ ...near, azureOpenAIEndpoint: "https://x.openai.azure.com" })).toBe(true);
    expect(isRemoteModel({ ...near, azureOpenAIApiInstanceName: "x" })).toBe(true);
  });

  it("of one that asks others, any decides", () => {
    const [near, far] = [{ baseUrl: "http://localhost" }, { baseUrl: "https://models.example" }];
    expect([isRemoteModel({ bound: near }), isRemoteModel({ bound: far })]).toEqual([false, true]);
    expect(isRemoteModel({ runnable: near, fallbacks: [near] })).toBe(false);
    expect(isRemoteModel({ runnable: near, fallbacks: [near, far] })).toBe(true);
  });
});
