import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelServer, testMind, testModelServer } from "@clew/endpoints/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "./run-command.js";
import { processTerminal } from "./terminal.js";

const key = "planted-key-5e2d10";
let folder: string;
let server: ModelServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-probe-"));
  await mkdir(join(folder, "docs"));
  await writeFile(join(folder, "docs", "crete.md"), "# Crete\n\nThe labyrinth was built by Daedalus.\n");
  server = await testModelServer({
    protocol: "vllm",
    adapters: ["my-lora"],
    answer: testMind({ text: () => "The labyrinth was built by Daedalus." }),
  });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const clew = (...words: string[]) => clewIn({ VLLM_API_KEY: key }, ...words);

async function clewIn(
  environment: Readonly<Record<string, string>>,
  ...words: string[]
): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(words, {
    ...processTerminal(new AbortController().signal),
    environment: { ...environment, XDG_CACHE_HOME: folder },
    print: (text) => void out.push(text),
    say: (text) => void err.push(text),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("clew probe", () => {
  it("says what a served model can do, and ask goes by it without probing again", async () => {
    const spec = `vllm:${server.baseURL}#my-lora`;
    const told = await clew("probe", spec);
    expect([told.code, told.err]).toEqual([0, ""]);
    for (const line of [/tools +no/, /streaming +yes/, /context +8192 tokens/, /my-lora \(on test-model\)/]) {
      expect(told.out).toMatch(line);
    }
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    const before = server.requests.length;
    const answer = await clew(
      "ask",
      join(folder, "docs"),
      "Who built the labyrinth?",
      "--embedder",
      "none",
      "--model",
      spec,
      "--json",
    );
    expect(answer.code).toBe(0);
    expect(JSON.parse(answer.out)).toMatchObject({ status: "answered", text: "The labyrinth was built by Daedalus." });
    const probed = server.requests.slice(before).filter(({ body }) => JSON.stringify(body).includes("vq7_"));
    expect(probed).toEqual([]);
    for (const text of [told.out, told.err, answer.out, answer.err]) expect(text).not.toContain(key);
  });

  it("prints JSON for machines", async () => {
    const { code, out } = await clew("probe", `vllm:${server.baseURL}#test-model`, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ version: 1, kind: "vllm", capabilities: { tools: false } });
  });

  it("refuses what is no endpoint, and says when none is there", async () => {
    expect((await clew("probe", "gpt-4")).code).toBe(2);
    await server.close();
    const gone = await clew("probe", `vllm:${server.baseURL}#m`);
    expect(gone.code).toBe(1);
    expect(gone.err).toContain("could not be reached");
  });

  it("probes an endpoint of SageMaker by its name, and asks an adapter on it", async () => {
    const there = await testModelServer({
      protocol: "sagemaker",
      answer: testMind({ text: () => "The labyrinth was built by Daedalus." }),
    });
    const aws = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "AKIAPLANTED", AWS_SECRET_ACCESS_KEY: key };
    const environment = { ...aws, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: there.baseURL };
    try {
      const spec = "sagemaker:my-endpoint#my-lora";
      const told = await clewIn(environment, "probe", spec);
      expect([told.code, told.err]).toEqual([0, ""]);
      expect(told.out).toContain("sagemaker:my-lora");
      const before = there.requests.length;
      const question = "Who built the labyrinth?";
      const answer = await clewIn(
        environment,
        ...["ask", join(folder, "docs"), question, "--embedder", "none", "--model", spec, "--json"],
      );
      expect(JSON.parse(answer.out)).toMatchObject({
        status: "answered",
        text: "The labyrinth was built by Daedalus.",
      });
      const bodies = there.requests.slice(before).map(({ body }) => body as { model?: string });
      expect(new Set(bodies.map(({ model }) => model))).toEqual(new Set(["my-lora"]));
      for (const text of [told.out, told.err, answer.out, answer.err]) expect(text).not.toContain(key);
    } finally {
      await there.close();
    }
  });
});
