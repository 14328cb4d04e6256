import { inspectIndex, openIndex } from "@clew/index";
import { chooseEmbedder } from "../choose-embedder.js";
import { exitCode } from "../exit-code.js";
import { indexLocation } from "../index-location.js";
import { packageVersion } from "../package-version.js";
import type { Terminal } from "../terminal.js";

/** Options of `clew doctor`. */
export interface DoctorOptions {
  readonly index?: string;
  readonly embedder?: string;
  readonly json?: boolean;
}

/** What one check found. */
interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
}

/** Packages that a reader or a model needs, and what for. */
const optional: Readonly<Record<string, { readonly load: () => Promise<unknown>; readonly neededBy: string }>> = {
  unpdf: { load: () => import("unpdf"), neededBy: "PDF" },
  mammoth: { load: () => import("mammoth"), neededBy: "DOCX" },
  linkedom: { load: () => import("linkedom"), neededBy: "HTML and EPUB" },
  "read-excel-file": { load: () => import("read-excel-file/node"), neededBy: "XLSX" },
  langchain: { load: () => import("langchain/chat_models/universal"), neededBy: "--model" },
  "@langchain/openai": { load: () => import("@langchain/openai"), neededBy: "--model openai:…" },
};

/** `clew doctor [path]`: what is installed, which models load, and whether the index fits the embedder. */
export async function doctor(
  paths: readonly string[],
  { index, embedder = "minilm", json = false }: DoctorOptions,
  terminal: Terminal,
): Promise<number> {
  const findings: Finding[] = [
    { check: "node", ok: true, found: process.versions.node },
    { check: "clew", ok: true, found: packageVersion() },
  ];
  for (const [name, { load, neededBy }] of Object.entries(optional)) {
    const found = await attempt(load);
    const fatal = !name.includes("langchain");
    findings.push({
      check: name,
      ok: found === undefined || !fatal,
      found:
        found === undefined ? `installed, for ${neededBy}` : `not installed, needed for ${neededBy}: pnpm add ${name}`,
    });
  }
  findings.push(await checkEmbedder(embedder, terminal));
  findings.push(await checkIndex(paths, index, embedder, terminal));
  if (json) terminal.print(JSON.stringify(findings, null, 2));
  else for (const { check, ok, found } of findings) terminal.print(`${ok ? "ok  " : "BAD "} ${check}: ${found}`);
  return findings.every(({ ok }) => ok) ? exitCode.answered : exitCode.error;
}

/** A damaged file has as many problems as records, and one remedy. */
const firstOf = (problems: readonly string[]): string =>
  problems.length < 2 ? problems.join("") : `${problems[0]} (and ${problems.length - 1} more problems)`;

async function attempt(work: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function checkEmbedder(name: string, { environment, signal }: Terminal): Promise<Finding> {
  const started = performance.now();
  let dimensions = 0;
  const failed = await attempt(async () => {
    const embedder = await chooseEmbedder(name, { environment, signal });
    if (embedder === undefined) return;
    try {
      dimensions = (await embedder.embedQuery("thread", { signal })).vectors[0]?.length ?? 0;
    } finally {
      await embedder.close();
    }
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return {
    check: `embedder ${name}`,
    ok: failed === undefined,
    found:
      failed?.message ??
      (dimensions === 0 ? "lexical search only" : `loads and embeds in ${seconds} s, ${dimensions} dimensions`),
  };
}

async function checkIndex(
  paths: readonly string[],
  index: string | undefined,
  embedderName: string,
  { environment, signal }: Terminal,
): Promise<Finding> {
  const { directory } = await indexLocation({ paths: paths.length === 0 ? ["."] : paths, index });
  const check = `index ${directory}`;
  const health = await inspectIndex(directory, { signal });
  if (health.status === "missing") return { check, ok: true, found: "there is none" };
  if (health.status === "damaged") return { check, ok: false, found: firstOf(health.problems) };
  const misfit = await attempt(async () => {
    const embedder = await chooseEmbedder(embedderName, { environment, signal });
    try {
      await (await openIndex(directory, { embedder, readOnly: true })).close();
    } finally {
      await embedder?.close();
    }
  });
  if (misfit !== undefined) return { check, ok: false, found: misfit.message };
  const { tenants, bytes } = health;
  const total = (of: "sources" | "passages"): number => tenants.reduce((sum, tenant) => sum + tenant[of], 0);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  return { check, ok: true, found: `whole, ${total("sources")} sources, ${total("passages")} passages, ${size}` };
}
