import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PackedProject, packedProject } from "./packed-project.js";

const run = promisify(execFile);
const example = fileURLToPath(new URL("../../../../examples/ask/", import.meta.url));
const answering = `
async function answer({ createRetrievalAgent, files, hybrid, memoryIndex, miniLM, scope }) {
  const embedder = miniLM();
  const index = await memoryIndex({ embedder });
  const me = scope("me");
  await index.sync(me, files(["docs"]));
  const agent = createRetrievalAgent({ retriever: hybrid(index.in(me)) });
  const { status, citations } = await agent.ask("Who built the labyrinth?");
  await index.close();
  await embedder.close();
  return JSON.stringify({ status, quotes: citations.map(({ quote }) => quote) });
}`;
const expected = { status: "answered", quotes: [expect.stringContaining("Daedalus")] };

/** A pattern for a text, wherever white space stands in it. */
const literally = (text: string): RegExp =>
  new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, "\\s+"));

let project: PackedProject;
beforeAll(async () => {
  project = await packedProject({ beside: ["langchain", "ai", "@ai-sdk/react", "react", "react-dom", "happy-dom"] });
  await mkdir(join(project.folder, "docs"));
  await writeFile(join(project.folder, "docs", "crete.md"), "# Crete\n\nThe labyrinth was built by Daedalus.\n");
  await writeFile(join(project.folder, "docs", "bread.md"), "# Bread\n\nBread rises in the oven.\n");
}, 180_000);
afterAll(() => project?.remove());

describe("the packed packages in an empty project", () => {
  it("answer from an ES module", async () => {
    const printed = await project.node(
      "answer.mjs",
      `import * as clew from "clew";\n${answering}\nconsole.log(await answer(clew));`,
    );
    expect(JSON.parse(printed)).toEqual(expected);
  });

  it("answer by require", async () => {
    const printed = await project.node(
      "answer.cjs",
      `const clew = require("clew");\n${answering}\nanswer(clew).then(console.log);`,
    );
    expect(JSON.parse(printed)).toEqual(expected);
  });

  it("load no native module but the index's own and the local models'", async () => {
    const printed = await project.node(
      "native.mjs",
      `const loaded = [];
       const dlopen = process.dlopen;
       process.dlopen = (...args) => { loaded.push(args[1]); return dlopen.apply(process, args); };
       const seen = {};
       for (const name of ["core", "core/text", "ingest", "retrievers", "agents", "evaluate", "index"]) {
         loaded.length = 0;
         await import("@clew/" + name);
         seen[name] = loaded.map((path) => path.split("node_modules/").at(-1));
       }
       console.log(JSON.stringify(seen));`,
    );
    const { index, ...others }: Record<string, string[]> = JSON.parse(printed);
    expect(Object.values(others).flat()).toEqual([]);
    expect(index!.filter((path) => !/lmdb|msgpackr-extract/.test(path))).toEqual([]);
  });

  it("run the starter, compiled outside the workspace", async () => {
    const starter = join(project.folder, "starter");
    await mkdir(join(starter, "src"), { recursive: true });
    await cp(join(example, "src", "main.ts"), join(starter, "src", "main.ts"));
    await cp(join(example, "tsconfig.json"), join(starter, "tsconfig.json"));
    await cp(join(example, "package.json"), join(starter, "package.json"));
    const workspaceModules = fileURLToPath(new URL("../../../../node_modules/", import.meta.url));
    await mkdir(join(project.folder, "node_modules", "@types"), { recursive: true });
    await cp(join(workspaceModules, "@types", "node"), join(project.folder, "node_modules", "@types", "node"), {
      recursive: true,
      dereference: true,
    });
    await run(process.execPath, [join(workspaceModules, "typescript", "bin", "tsc"), "-p", starter]);
    const { stdout } = await run(process.execPath, [
      join(starter, "dist", "main.js"),
      "ask",
      join(project.folder, "docs"),
      "Who built the labyrinth?",
    ]);
    expect(stdout).toContain("Daedalus");
    expect(stdout).toContain("crete.md");
    const read = async (path: string) => JSON.parse(await readFile(path, "utf8"));
    const wanted: Record<string, string> = (await read(join(starter, "package.json"))).dependencies;
    const packed = await read(join(project.folder, "node_modules", "clew", "package.json"));
    expect(wanted).toEqual({ clew: packed.version });
  });

  describe("run the examples of the documentation", () => {
    const examples = fileURLToPath(new URL("./examples/", import.meta.url));
    beforeAll(async () => {
      await cp(examples, project.folder, { recursive: true });
      // what an install would put there
      const { bin } = JSON.parse(await readFile(join(project.folder, "node_modules", "clew", "package.json"), "utf8"));
      await mkdir(join(project.folder, "node_modules", ".bin"), { recursive: true });
      const command = join(project.folder, "node_modules", "clew", bin.clew);
      await chmod(command, 0o755);
      await symlink(command, join(project.folder, "node_modules", ".bin", "clew"));
    });
    const quote = "The labyrinth was built by Daedalus.";

    it.each<[string, (string | RegExp)[]]>([
      ["agent-tool.mjs", ["<<<answer", `answered ${quote}`]],
      ["create-agent.mjs", [/^P[0-9a-f]{10} crete\.md undefined \[/m, `supported ${quote}`, `crete.md ${quote}`]],
      ["subgraph.mjs", ["hop 1: Who built the labyrinth?", "Dear Ariadne, ", quote]],
      ["use-chat.mjs", [`P: ${quote} [1]`, "CITE: Crete", `BLOCKQUOTE: [1] ${quote}`]],
      ["mcp-client.mjs", ["search, ask, fetch_passage", "Hop 1: Who built the labyrinth?", quote, "<<<evidence"]],
      ["mcp-http.mjs", ["The key Bearer g opens the labyrinth."]],
    ])("%s", async (name, expected) => {
      const { stdout } = await run(process.execPath, [name], { cwd: project.folder });
      for (const part of expected) expect(stdout).toMatch(typeof part === "string" ? literally(part) : part);
      expect(stdout).not.toContain("Bearer a");
    });

    it("which are those that the documentation shows", async () => {
      const read = (path: string) => readFile(path, "utf8");
      const names = (await readdir(examples)).filter((name) => name.endsWith(".mjs"));
      const sources = await Promise.all(names.map((name) => read(join(examples, name))));
      const lines = new Set(sources.flatMap((source) => source.split("\n").map((line) => line.trim())));
      const page = await read(fileURLToPath(new URL("../../../../docs/integrations.md", import.meta.url)));
      const blocks = Array.from(page.matchAll(/```js\n([\s\S]*?)```/g), ([, block]) => block!);
      const shown = blocks
        .join("\n")
        .split("\n")
        .map((line) => line.trim());
      expect(shown.filter((line) => line !== "" && !lines.has(line))).toEqual([]);
      expect(blocks.length).toBeGreaterThan(5);
    });
  });

  it("run the command", async () => {
    const { bin } = JSON.parse(await readFile(join(project.folder, "node_modules", "clew", "package.json"), "utf8"));
    const command = join(project.folder, "node_modules", "clew", bin.clew);
    const { stdout } = await run(process.execPath, [command, "--version"]);
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
