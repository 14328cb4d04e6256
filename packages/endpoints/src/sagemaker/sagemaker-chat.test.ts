import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { servedBy, systemRuntime } from "@clew/core";
import { AIMessage, type AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arrived, serve } from "../test/local-server.js";
import { exceptionFrame, payloadPart } from "../test/sagemaker-frames.js";
import { sagemakerChat } from "./sagemaker-chat.js";
import type { SagemakerChatOptions } from "./sagemaker-options.js";

const credentials = { accessKeyId: "AKIAPLANTEDKEY000001", secretAccessKey: "planted/secret+key==" };
const base = { endpoint: "writer", region: "eu-west-1", credentials } as const;
const words = ["Grüße ", "東京🧵", " – of Ariadne."];
const said = words.join("");
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const delta = (content: string, finish: string | null = null): object => ({
  choices: [{ delta: { content }, finish_reason: finish }],
});
const bodies = {
  messages: [
    ": ping\n\n",
    ...words.map((word) => event(delta(word))),
    event(delta("", "stop")),
    event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 } }),
    "data: [DONE]\n\n",
  ].join(""),
  tgi: words
    .map((text, at) => {
      const last = at === words.length - 1;
      return `data:${JSON.stringify({
        token: { id: at, text, special: false },
        generated_text: last ? said : null,
        details: last ? { finish_reason: "eos_token", generated_tokens: 5, input_length: 7 } : null,
      })}\n\n`;
    })
    .join(""),
  djl: words
    .map((text, at) =>
      JSON.stringify(
        at < words.length - 1
          ? { token: { id: at, text } }
          : { token: { id: at, text }, generated_text: said, details: { finish_reason: "length" } },
      ),
    )
    .join("\n"),
} as const;
const outputs = words.map((text) => `${JSON.stringify({ outputs: [text] })}\n`).join("");

/** Frames of the sizes that a server happened to choose: values and characters go across them. */
function framed(body: string, sizes: readonly number[] = [237, 5, 411, 196]): Uint8Array[] {
  const bytes = encode(body);
  const frames: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    frames.push(payloadPart(bytes.slice(at, at + size)));
    at += size;
  }
  return frames;
}

const send = (response: ServerResponse, frames: readonly Uint8Array[]): void => {
  response.writeHead(200, {
    "content-type": "application/vnd.amazon.eventstream",
    "x-amzn-invoked-production-variant": "blue",
  });
  for (const frame of frames) response.write(frame);
};
const fail = (response: ServerResponse, status: number, type: string, body: object = {}): void => {
  response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type });
  response.end(JSON.stringify({ message: "no", ...body }));
};

/** A client of the SDK whose connections are lists of byte pieces. */
const clientOf = (pieces: () => readonly Uint8Array[]): SageMakerRuntimeClient =>
  new SageMakerRuntimeClient({
    ...{ region: "eu-west-1", credentials, maxAttempts: 1 },
    requestHandler: {
      handle: async () => ({
        response: {
          statusCode: 200,
          headers: { "content-type": "application/vnd.amazon.eventstream" },
          body: Readable.from(pieces().map((piece) => Buffer.from(piece))),
        },
      }),
    } as never,
  });

async function collect(stream: AsyncIterable<AIMessageChunk>): Promise<{ text: string; last: AIMessageChunk }> {
  let last: AIMessageChunk | undefined;
  for await (const chunk of stream) last = last === undefined ? chunk : last.concat(chunk);
  return { text: last!.text, last: last! };
}
const ask = async (options: Partial<SagemakerChatOptions>) =>
  collect(await sagemakerChat({ ...base, maxRetries: 0, ...options }).stream("q"));

describe("sagemakerChat", () => {
  it.each(["messages", "tgi", "djl"] as const)(
    "streams the body style %s, at a set address (D9)",
    async (bodyStyle) => {
      const { baseURL, arrived } = await serve((_, response) => {
        send(response, framed(bodies[bodyStyle]));
        response.end();
      });
      const { text, last } = await ask({ bodyStyle, baseURL, adapter: "lora-a" });
      expect(text).toBe(said);
      expect(servedBy(last)).toEqual({ served: "sagemaker:writer#lora-a@blue", requests: 1, notes: [] });
      expect(last.response_metadata.finish_reason).toBe(
        { messages: "stop", tgi: "eos_token", djl: "length" }[bodyStyle],
      );
      if (bodyStyle !== "djl") {
        expect(last.usage_metadata).toMatchObject({ input_tokens: 7, output_tokens: 5, total_tokens: 12 });
      }
      expect(arrived).toHaveLength(1);
      const { path, headers, body } = arrived[0]!;
      expect(path).toBe("/endpoints/writer/invocations-response-stream");
      expect(headers.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIAPLANTEDKEY000001\/\d{8}\/eu-west-1\/sagemaker\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
      );
      expect(body).toMatchObject(
        {
          messages: { model: "lora-a", messages: [{ role: "user", content: "q" }], stream: true },
          tgi: { inputs: "User: q\n\nAssistant:", parameters: { adapter_id: "lora-a" }, stream: true },
          djl: { inputs: "User: q\n\nAssistant:", adapters: "lora-a", stream: true },
        }[bodyStyle],
      );
    },
  );

  it("reads the older outputs of DJL, whole and streamed", async () => {
    const { baseURL } = await serve(({ path }, response) => {
      if (path.endsWith("/invocations")) response.end(JSON.stringify({ outputs: [said] }));
      else {
        send(response, framed(outputs));
        response.end();
      }
    });
    expect((await ask({ bodyStyle: "djl", baseURL })).text).toBe(said);
    expect((await sagemakerChat({ ...base, bodyStyle: "djl", baseURL }).invoke("q")).text).toBe(said);
  });

  it.each([
    ["messages", bodies.messages],
    ["tgi", bodies.tgi],
    ["djl", bodies.djl],
    ["djl", outputs],
  ] as const)("yields the same text wherever a recorded response of %s is cut in two", async (bodyStyle, body) => {
    const recorded = Buffer.concat(framed(body, body.length < 200 ? [29, 5, 47] : undefined));
    let at = 0;
    const client = clientOf(() => [recorded.subarray(0, at), recorded.subarray(at)].filter(({ length }) => length > 0));
    const model = sagemakerChat({ endpoint: "writer", bodyStyle, client, maxRetries: 0 });
    let wrong = 0;
    for (; at <= recorded.length; at++) if ((await collect(await model.stream("q"))).text !== said) wrong++;
    expect([wrong, recorded.length > 200]).toEqual([0, true]);
  });

  it("yields the same text however the payload is divided among frames, and frames among packets", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 }),
        async (frameSizes, packetSizes) => {
          const bytes = Buffer.concat(framed(bodies.messages, frameSizes));
          const packets: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = packetSizes[turn % packetSizes.length]!;
            packets.push(bytes.subarray(at, at + size));
            at += size;
          }
          const model = sagemakerChat({ endpoint: "writer", client: clientOf(() => packets), maxRetries: 0 });
          expect((await collect(await model.stream("q"))).text).toBe(said);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("invokes without a stream", async () => {
    const { baseURL, arrived } = await serve(({ body }, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify(
          body.inputs === undefined
            ? {
                choices: [{ message: { role: "assistant", content: said }, finish_reason: "stop" }],
                usage: { prompt_tokens: 7, completion_tokens: 5 },
              }
            : [{ generated_text: said, details: { finish_reason: "stop_sequence" } }],
        ),
      );
    });
    const message = await sagemakerChat({ ...base, baseURL }).invoke("q");
    expect(message.text).toBe(said);
    expect(message.usage_metadata).toEqual({ input_tokens: 7, output_tokens: 5, total_tokens: 12 });
    expect((await sagemakerChat({ ...base, baseURL, bodyStyle: "tgi" }).invoke("q")).text).toBe(said);
    expect(arrived.map(({ path }) => path)).toEqual(Array(2).fill("/endpoints/writer/invocations"));
  });

  it("sends every setting, 0 included", async () => {
    const answers = JSON.stringify({ choices: [{ message: { content: "a" }, finish_reason: "stop" }] });
    const { baseURL, arrived } = await serve(({ body }, response) =>
      response.end(body.inputs === undefined ? answers : JSON.stringify({ generated_text: "a" })),
    );
    const settings = { maxTokens: 9, temperature: 0, topP: 0.5, stop: ["END"], parameters: { seed: 0 } };
    const where = { targetVariant: "green", customAttributes: "trace=1", inferenceComponent: "lora-b" };
    const model = sagemakerChat({ ...base, baseURL, ...settings, ...where, model: "base" });
    await model.invoke([
      new SystemMessage("s"),
      new HumanMessage("h"),
      new AIMessage({ content: "", tool_calls: [{ id: "1", name: "f", args: { x: 0 } }] }),
      new ToolMessage({ content: "0", tool_call_id: "1" }),
    ]);
    const [{ body, headers }] = arrived as [Arrived];
    expect(body).toEqual({
      model: "base",
      messages: [
        { role: "system", content: "s" },
        { role: "user", content: "h" },
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: '{"x":0}' } }],
        },
        { role: "tool", content: "0", tool_call_id: "1" },
      ],
      max_tokens: 9,
      temperature: 0,
      top_p: 0.5,
      stop: ["END"],
      seed: 0,
      stream: false,
    });
    expect(headers).toMatchObject({
      "x-amzn-sagemaker-target-variant": "green",
      "x-amzn-sagemaker-custom-attributes": "trace=1",
      "x-amzn-sagemaker-inference-component": "lora-b",
    });
    const prompt = (messages: readonly { role: string; content: string }[]): string =>
      messages.map(({ role, content }) => `<${role}>${content}`).join("");
    await sagemakerChat({ ...base, baseURL, ...settings, bodyStyle: "tgi", prompt }).invoke("h", { stop: ["X"] });
    expect(arrived[1]!.body).toEqual({
      inputs: "<user>h",
      parameters: {
        max_new_tokens: 9,
        do_sample: false,
        top_p: 0.5,
        return_full_text: false,
        details: true,
        stop: ["X"],
        seed: 0,
      },
      stream: false,
    });
  });

  it("calls tools and keeps to schemas where the container can", async () => {
    const piece = (args: string, head: object = {}): string =>
      event({ choices: [{ delta: { tool_calls: [{ index: 0, ...head, function: { arguments: args } }] } }] });
    const { baseURL, arrived } = await serve(({ path }, response) => {
      if (path.endsWith("invocations")) {
        response.end(JSON.stringify({ generated_text: "{}" }));
        return;
      }
      send(response, [
        payloadPart(
          event({ choices: [{ delta: { tool_calls: [{ index: 0, id: "c", function: { name: "look" } }] } }] }),
        ),
        ...framed(piece('{"q":') + piece('"東京"}') + event(delta("", "tool_calls"))),
      ]);
      response.end();
    });
    const look = tool(() => "", { name: "look", description: "looks", schema: { type: "object", properties: {} } });
    const model = sagemakerChat({ ...base, baseURL });
    let message: AIMessageChunk | undefined;
    for await (const chunk of await model.bindTools!([look], { tool_choice: "look" }).stream("q")) {
      message = message === undefined ? chunk : message.concat(chunk);
    }
    expect(message!.tool_calls).toMatchObject([{ name: "look", args: { q: "東京" }, id: "c" }]);
    expect(arrived[0]!.body).toMatchObject({
      tools: [{ type: "function", function: { name: "look" } }],
      tool_choice: { type: "function", function: { name: "look" } },
    });
    const tgi = sagemakerChat({ ...base, baseURL, bodyStyle: "tgi" });
    expect(tgi.bindTools).toBeUndefined();
    const schema = { type: "object" };
    await tgi.withConfig({ response_format: { type: "json_schema", json_schema: { name: "n", schema } } }).invoke("q");
    expect(arrived[1]!.body.parameters.grammar).toEqual({ type: "json", value: schema });
    const djl = sagemakerChat({ ...base, baseURL, bodyStyle: "djl" });
    await expect(djl.withConfig({ response_format: { type: "json_object" } }).invoke("q")).rejects.toMatchObject({
      code: "invalid-option",
    });
  });

  it("repeats what fails before the first token, as Retry-After says, with a note", async () => {
    const { baseURL, arrived } = await serve(({ nth }, response) => {
      if (nth === 1) {
        response.writeHead(429, { "x-amzn-errortype": "ThrottlingException", "retry-after": "2" }).end("{}");
      } else if (nth === 2) fail(response, 424, "ModelError", { OriginalStatusCode: 503, OriginalMessage: "busy" });
      else if (nth === 3) {
        send(response, [exceptionFrame("InternalStreamFailure", { message: "again" })]);
        response.end();
      } else {
        send(response, framed(bodies.messages));
        response.end();
      }
    });
    const slept: number[] = [];
    const { text, last } = await ask({
      baseURL,
      maxRetries: 3,
      sleep: async (ms) => void slept.push(ms),
      runtime: { ...systemRuntime, random: () => 0.5 },
    });
    // by hand: 2 s as asked; then 500 · 2 and 500 · 4, times (.5 + .5 / 2)
    expect(slept).toEqual([2000, 750, 1500]);
    expect([text, arrived.length]).toEqual([said, 4]);
    expect(servedBy(last)).toMatchObject({ requests: 4, notes: Array(3).fill({ code: "retried" }) });
  });

  it.each<[string, (response: ServerResponse) => void, object]>([
    ["a throttle", (r) => fail(r, 400, "ThrottlingException"), { code: "model-failed", status: 429 }],
    [
      "a failure of the container",
      (r) => fail(r, 424, "ModelError", { OriginalStatusCode: 400, OriginalMessage: "too long" }),
      { code: "model-failed", status: 400 },
    ],
    ["a model that is not ready", (r) => fail(r, 429, "ModelNotReadyException"), { code: "model-failed", status: 429 }],
    [
      "an unknown endpoint",
      (r) => fail(r, 400, "ValidationError", { message: "Endpoint writer of account 1 not found." }),
      { code: "not-found" },
    ],
    ["a refused identity", (r) => fail(r, 403, "AccessDeniedException"), { code: "service-refused", status: 403 }],
    ["status 500", (r) => fail(r, 500, "InternalFailure"), { code: "model-failed", status: 500 }],
    ["a broken connection", (r) => r.destroy(), { code: "model-failed" }],
    ["silence", () => undefined, { code: "timed-out" }],
    [
      "silence after the headers",
      (r) => {
        send(r, []);
        r.flushHeaders();
      },
      { code: "timed-out" },
    ],
    [
      "another body style",
      (r) => {
        send(r, framed('{"predictions":[1]}\n'));
        r.end();
      },
      { code: "model-failed" },
    ],
    [
      "text that is no JSON",
      (r) => {
        send(r, framed("<html>\n"));
        r.end();
      },
      { code: "model-failed" },
    ],
    [
      "an error in place of an answer",
      (r) => {
        send(r, framed(event({ error: "CUDA out of memory", error_type: "generation" })));
        r.end();
      },
      { code: "model-failed" },
    ],
    [
      "an answer without anything in it",
      (r) => {
        send(r, framed('data: {"choices":[]}\n\ndata: [DONE]\n\n'));
        r.end();
      },
      { code: "model-failed" },
    ],
    [
      "no stream at all",
      (r) => {
        send(r, []);
        r.end();
      },
      { code: "model-failed" },
    ],
  ])("answers %s with a typed error", async (_name, answer, expected) => {
    const { baseURL } = await serve((_, response) => answer(response));
    await expect(ask({ baseURL, timeoutMs: 300 })).rejects.toMatchObject(expected);
  });

  it.each<[string, (response: ServerResponse, frames: Uint8Array[]) => void, object]>([
    [
      "an error of the model",
      (r, f) => {
        send(r, [...f, exceptionFrame("ModelStreamError", { Message: "gone", ErrorCode: "StreamBroken" })]);
        r.end();
      },
      { code: "model-failed", message: expect.stringContaining("StreamBroken") },
    ],
    [
      "a failure of the service",
      (r, f) => {
        send(r, [...f, exceptionFrame("InternalStreamFailure", {})]);
        r.end();
      },
      { code: "model-failed" },
    ],
    [
      "a cut within a frame",
      (r, f) => {
        send(r, [...f, payloadPart("data: {}").slice(0, 20)]);
        r.end();
      },
      { code: "model-failed" },
    ],
    [
      "a frame whose checksum is wrong",
      (r, f) => {
        const bad = payloadPart("data: {}\n\n");
        bad[bad.length - 1]! ^= 1;
        send(r, [...f, bad]);
        r.end();
      },
      { code: "model-failed" },
    ],
    [
      "a connection that breaks",
      (r, f) => {
        send(r, f);
        setTimeout(() => r.destroy(), 30);
      },
      { code: "model-failed" },
    ],
    [
      "an end without its sign",
      (r, f) => {
        send(r, f);
        r.end();
      },
      { code: "model-failed", message: expect.stringContaining("broke off") },
    ],
    ["silence", (r, f) => send(r, f), { code: "timed-out" }],
  ])("ends in a typed error after %s in mid-stream, asked once", async (_name, answer, expected) => {
    const frames = framed(
      words
        .slice(0, 2)
        .map((word) => event(delta(word)))
        .join(""),
    );
    const { baseURL, arrived } = await serve((_, response) => answer(response, frames));
    const stream = await sagemakerChat({ ...base, baseURL, timeoutMs: 300, maxRetries: 2 }).stream("q");
    let text = "";
    const reading = (async () => {
      for await (const chunk of stream) text += chunk.text;
    })();
    await expect(reading).rejects.toMatchObject(expected);
    expect([text, arrived.length]).toEqual([words.slice(0, 2).join(""), 1]);
  });

  it("aborts the request when the signal says so, or the reader leaves", async () => {
    const { baseURL, arrived } = await serve((_, response) => send(response, framed(event(delta("a")))));
    const controller = new AbortController();
    const model = sagemakerChat({ ...base, baseURL });
    const stream = await model.stream("q", { signal: controller.signal });
    const reading = collect(stream);
    await expect.poll(() => arrived.length).toBe(1);
    controller.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    await arrived[0]!.gone;
    for await (const chunk of await model.stream("q")) if (chunk.text !== "") break;
    await arrived[1]!.gone;
    await expect(model.invoke("q", { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow();
    expect(arrived).toHaveLength(2);
  });

  it("waits for an endpoint that wakes up, and counts every request", async () => {
    const { baseURL } = await serve(({ nth }, response) => {
      if (nth === 1) fail(response, 429, "ModelNotReadyException");
      else if (nth === 2) fail(response, 503, "ServiceUnavailable");
      else {
        send(response, framed(bodies.messages));
        response.end();
      }
    });
    const slept: number[] = [];
    const { text, last } = await ask({ baseURL, coldStartMs: 60_000, sleep: async (ms) => void slept.push(ms) });
    expect([text, slept]).toEqual([said, [2000, 2000]]);
    expect(servedBy(last)).toMatchObject({ requests: 3, notes: [{ code: "x-cold-start" }] });
  });

  it("sends own headers, signed, and no more requests at once than it may", async () => {
    let open = 0;
    let peak = 0;
    const { baseURL, arrived } = await serve(async (_, response) => {
      open += 1;
      peak = Math.max(peak, open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      send(response, framed(bodies.messages));
      response.end();
    });
    const headers = { "x-team": "labyrinth" };
    const model = sagemakerChat({ ...base, baseURL, headers, maxConcurrency: 2 });
    const heard = await Promise.all(Array.from({ length: 6 }, async () => collect(await model.stream("q"))));
    expect(heard.map(({ text }) => text)).toEqual(Array(6).fill(said));
    expect(peak).toBe(2);
    expect(arrived[0]!.headers).toMatchObject({ "x-team": "labyrinth" });
    expect(arrived[0]!.headers.authorization).toMatch(/SignedHeaders=[^,]*x-team/);
  });

  it("leaves a silent endpoint once: what it took may be charged", async () => {
    const { baseURL, arrived } = await serve(() => undefined);
    await expect(ask({ baseURL, timeoutMs: 60, maxRetries: 2 })).rejects.toMatchObject({ code: "timed-out" });
    expect(arrived).toHaveLength(1);
  });

  it("sends what a view that inherits from it says: a lower limit, and no repetitions", async () => {
    const { baseURL, arrived } = await serve(({ nth }, response) => {
      if (nth === 2) fail(response, 503, "ServiceUnavailable");
      else {
        send(response, framed(bodies.messages));
        response.end();
      }
    });
    const model = sagemakerChat({ ...base, baseURL, maxTokens: 400, maxRetries: 2 });
    const view: typeof model = Object.create(model, { maxTokens: { value: 9 }, maxRetries: { value: 0 } });
    expect((await collect(await view.stream("q"))).text).toBe(said);
    await expect(view.bindTools!([]).stream("q").then(collect)).rejects.toMatchObject({ status: 503 });
    await collect(await model.stream("q"));
    expect(arrived.map(({ body }) => body.max_tokens)).toEqual([9, 9, 400]);
  });

  it("keeps credentials out of its errors, whatever the service repeats", async () => {
    const { baseURL } = await serve(({ headers }, response) =>
      fail(response, 403, "InvalidSignatureException", {
        message: `${headers.authorization} ${credentials.secretAccessKey} ${credentials.accessKeyId}`,
      }),
    );
    const failed = await ask({ baseURL }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const shown = inspect(failed, { depth: 9, showHidden: true });
    expect(failed).toMatchObject({ code: "service-refused" });
    for (const secret of Object.values(credentials)) expect(shown).not.toContain(secret);
    const model = sagemakerChat({ ...base, baseURL });
    for (const text of [JSON.stringify(model), inspect(model, { depth: 9, showHidden: true })]) {
      for (const secret of Object.values(credentials)) expect(text).not.toContain(secret);
    }
  });

  it("names what is missing or makes no sense", async () => {
    const client = clientOf(() => []);
    for (const wrong of [
      { endpoint: "" },
      { ...base, bodyStyle: "xml" as never },
      { ...base, topP: 0 },
      { ...base, maxConcurrency: 0 },
      { ...base, coldStartMs: -1 },
      { endpoint: "a", client, headers: {} },
      { ...base, client },
      { endpoint: "a", prompt: () => "" },
      { endpoint: "a", bodyStyle: "tgi", model: "m" } as const,
      { ...base, customAttributes: "é" },
      { ...base, timeout: 3 } as never,
    ]) {
      expect(() => sagemakerChat(wrong)).toThrowError(expect.objectContaining({ code: "invalid-option" }));
    }
    const noIdentity = async (): Promise<never> => {
      throw Object.assign(new Error("Could not load credentials from any providers"), {
        name: "CredentialsProviderError",
      });
    };
    await expect(ask({ credentials: noIdentity, baseURL: "http://127.0.0.1:9" })).rejects.toMatchObject({
      code: "missing-key",
    });
  });
});
