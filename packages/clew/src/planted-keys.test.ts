import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { createRetrievalAgent } from "@clew/agents";
import { type Retriever, scope } from "@clew/core";
import { aCall, type EndpointFault, fixedRuntime, sourceInputs } from "@clew/core/testing";
import {
  type EndpointModel,
  type EndpointOptions,
  endpoint,
  endpointFromSpec,
  endpointKinds,
  modelSource,
  probe,
  routed,
} from "@clew/endpoints";
import { testMind, testModelServer } from "@clew/endpoints/testing";
import { memoryIndex } from "@clew/index";
import { fileTraces } from "@clew/record";
import { lexical } from "@clew/retrievers";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { MemorySaver } from "@langchain/langgraph";
import { beforeAll, describe, expect, it, vi } from "vitest";

/** Shaped like no key that a pattern would know: only whoever was handed them can keep them. */
const planted = {
  option: "option-zebra-9917",
  environment: "environment-zebra-4402",
  header: "header-zebra-3358",
  query: "query-zebra-7126",
};
const secret = /zebra/i;

let retriever: Retriever;
beforeAll(async () => {
  const index = await memoryIndex();
  await index.sync(scope("acme"), sourceInputs(["The Labyrinth was built by Daedalus. It stands in Crete."]));
  retriever = lexical(index.in(scope("acme")));
});

const variables: Readonly<Record<string, string>> = {
  openai: "OPENAI_API_KEY",
  azure: "AZURE_OPENAI_API_KEY",
  vllm: "VLLM_API_KEY",
  tgi: "TGI_API_KEY",
  huggingface: "HF_TOKEN",
  llamacpp: "LLAMA_API_KEY",
  "openai-compatible": "ENDPOINT_API_KEY",
};

/** An endpoint of a kind, its key in the place that is named. */
function made(kind: string, baseURL: string, place: "option" | "environment"): EndpointModel {
  const headers = { "x-gateway-token": planted.header };
  const common = {
    headers,
    maxRetries: 1,
    timeoutMs: 2000,
    runtime: { ...fixedRuntime(), sleep: async () => undefined },
  };
  if (kind === "sagemaker") {
    const credentials = { accessKeyId: `id-${planted[place]}`, secretAccessKey: planted[place] };
    if (place === "option") {
      return endpoint({ kind, endpoint: "mine", region: "eu-west-1", credentials, baseURL, ...common });
    }
    const environment = {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: `session-${planted.environment}`,
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: baseURL,
    };
    return endpointFromSpec("sagemaker:mine#lora", { environment, ...common });
  }
  const variable = variables[kind];
  const inEnvironment = variable === undefined ? {} : { [variable]: planted.environment };
  return endpoint({
    kind,
    baseURL,
    ...(kind === "azure" ? { deployment: "mine" } : { model: "mine" }),
    ...(place === "option" ? { apiKey: planted.option, environment: {} } : { environment: inEnvironment }),
    ...common,
  } as EndpointOptions);
}

/** Everything that callbacks hear, as text. */
class Listener extends BaseCallbackHandler {
  readonly name = "listener";
  readonly heard: string[] = [];
  constructor() {
    super();
    for (const name of ["LLMStart", "ChatModelStart", "LLMEnd", "LLMError", "LLMNewToken", "ChainError", "ChainEnd"]) {
      (this as unknown as Record<string, unknown>)[`handle${name}`] = (...given: unknown[]) => {
        this.heard.push(everything(given));
      };
    }
  }
}

/** As a logger would print it, as a tracer would keep it, and all that hangs on it. */
function everything(value: unknown): string {
  const texts = [inspect(value, { depth: 9, showHidden: true, getters: true }), String(value)];
  try {
    texts.push(JSON.stringify(value) ?? "");
  } catch {
    // a circle; it was printed above
  }
  for (let error = value; error instanceof Error; error = error.cause) {
    texts.push(error.message, error.stack ?? "", JSON.stringify(Object.entries(error)));
  }
  return texts.join("\n");
}

const faults: readonly (EndpointFault | undefined)[] = [
  undefined,
  ...[400, 401, 403, 404, 429, 500, 503].map((status) => ({ kind: "status", status }) as const),
  ...(["not-json", "breaks-off", "ends-early", "empty"] as const).map((kind) => ({ kind })),
];

/** All bytes of the files of a folder. */
async function recordIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return (await Promise.all(files.map((path) => readFile(path, "latin1")))).join("\n");
}

/** Where the key comes from changes nothing of what becomes of it. */
const fewer = faults.filter((_, at) => at % 3 === 0);

describe.each(endpointKinds)("the keys of %s", (kind) => {
  it.each(["option", "environment"] as const)("are sent from the %s, and found nowhere", async (place) => {
    const printed: string[] = [];
    const spies = [
      ...(["log", "info", "warn", "error", "debug", "trace"] as const).map((name) =>
        vi.spyOn(console, name).mockImplementation((...said) => void printed.push(everything(said))),
      ),
      ...[process.stdout, process.stderr].map((stream) =>
        vi.spyOn(stream, "write").mockImplementation((said) => printed.push(String(said)) > 0),
      ),
    ];
    const seen = new Map<string, string>();
    const sent: unknown[] = [];
    const checkpointer = new MemorySaver();
    const listener = new Listener();
    const asked = async (fault: EndpointFault | undefined, thread: string): Promise<void> => {
      const server = await testModelServer({
        protocol: kind,
        adapters: ["lora"],
        answer: testMind({ text: () => "The Labyrinth was built by Daedalus." }),
      });
      const folder = await mkdtemp(join(tmpdir(), "clew-planted-"));
      const traces = fileTraces(folder);
      try {
        const [base, adapter] = [made(kind, server.baseURL, place), made(kind, server.baseURL, place)];
        const writer = routed({ base, adapters: { writer: adapter }, by: "role", timeoutMs: 2000 });
        const agent = createRetrievalAgent({
          retriever,
          models: { writer, default: modelSource(base, { probe: fault === undefined }) },
          checkpointer,
          traces,
          budget: { hops: 1 },
          runtime: { ...fixedRuntime(), sleep: async () => undefined },
        });
        // every request meets it: decisions, adapter and base, and what is asked without an agent
        if (fault !== undefined) server.fail(...Array.from({ length: 200 }, () => fault));
        const events: unknown[] = [];
        try {
          for await (const event of agent.stream("Who built the Labyrinth?", {
            thread,
            config: { callbacks: [listener] },
          })) {
            events.push(event);
          }
        } catch (error) {
          seen.set(`${thread}: error`, everything(error));
        }
        seen.set(`${thread}: events`, everything(events));
        seen.set(`${thread}: record`, await recordIn(folder));
        const { model } = await writer(aCall({ role: "writer" }));
        for (const [name, ask] of [
          ["invoke", () => base.invoke("q")],
          ["routed invoke", () => model.invoke("q")],
          ["probe", () => probe(adapter)],
        ] as const) {
          const outcome = await ask().catch((error: unknown) => error);
          seen.set(`${thread}: ${name}`, everything(outcome));
        }
        for (const [name, one] of Object.entries({ base, adapter, model, view: Object.create(base) as unknown })) {
          seen.set(`${thread}: the model ${name}`, everything(one));
        }
        sent.push(...server.requests.map(({ headers }) => headers));
      } finally {
        await rm(folder, { recursive: true, force: true });
        await server.close();
      }
    };
    try {
      for (const fault of place === "option" ? faults : fewer) await asked(fault, JSON.stringify(fault ?? "no fault"));
      seen.set("checkpoints", stored(checkpointer));
      seen.set("callbacks", listener.heard.join("\n"));
      seen.set("prints", printed.join("\n"));
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    if (kind !== "ollama" || place === "option") expect(JSON.stringify(sent)).toContain(planted[place]);
    expect(JSON.stringify(sent)).toContain(planted.header);
    expect(seen.get("checkpoints")).toContain("Labyrinth");
    expect(seen.get("callbacks")).not.toBe("");
    for (const [where, text] of seen)
      expect([where, secret.exec(text)?.input.slice(0, 300)]).toEqual([where, undefined]);
  });
});

it("an address with a key in it is refused without it being shown", () => {
  for (const baseURL of [`http://me:${planted.query}@gpu/v1`, `http://gpu/v1?key=${planted.query}`]) {
    for (const kind of endpointKinds) {
      let error: unknown;
      try {
        made(kind, baseURL, "option");
      } catch (caught) {
        error = caught;
      }
      if (error !== undefined) expect(everything(error)).not.toMatch(secret);
      else expect([kind, everything(made(kind, baseURL, "option"))]).toEqual([kind, expect.not.stringMatching(secret)]);
    }
  }
});

/** All that a checkpointer in memory holds, its bytes read as text. */
function stored(saver: MemorySaver): string {
  const read = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
    if (Array.isArray(value)) return value.map(read);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, read(one)]));
  };
  return JSON.stringify([read(saver.storage), read(saver.writes)]);
}
