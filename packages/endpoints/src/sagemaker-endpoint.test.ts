import { testEndpoint } from "@clew/core/testing";
import { describe } from "vitest";
import { endpoint } from "./endpoint.js";
import { testModelServer } from "./testing/index.js";

describe("endpoint: sagemaker", () => {
  testEndpoint({
    serve: () => testModelServer({ protocol: "sagemaker" }),
    make: ({ apiKey, headers: _, coldStartMs: __, ...settings }) =>
      endpoint({
        kind: "sagemaker",
        endpoint: "writer",
        region: "eu-west-1",
        credentials: { accessKeyId: "AKIAPLANTEDKEY000001", secretAccessKey: apiKey },
        ...settings,
      }),
    sent: (body: Record<string, unknown>) => ({ stop: body.stop, maxTokens: body.max_tokens }),
    ownHeaders: false,
    wakes: false,
  });
});
