import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { miniLM } from "@clew/local";
import { openDataset } from "../open-dataset.js";
import { type AdapterReport, adapterPath, askWithAdapter } from "./ask-with-adapter.js";
import type { LlamaEngine } from "./llama/llama-engine.js";

/** Options of {@link compareAdapter}. */
export interface CompareAdapterOptions {
  /** Folder of models. */
  readonly models: string;
  /** BEIR folder. @default `../shared/datasets/hotpotqa` beside the project */
  readonly data?: string | undefined;
  /** 0: none are asked. */
  readonly questions: number;
  readonly seed: number;
  /** Name under which the base is served. */
  readonly base: string;
  readonly url: string;
  readonly engine: LlamaEngine;
}

const besideTheProject = fileURLToPath(new URL("../../../../shared/datasets/hotpotqa", import.meta.url));
/** Name under which the adapter is served. */
const adapter = "quote-writer";

/** How the writer is shown what was found: one passage, as it was trained, or several. */
const settings = [{ k: 4, maxEvidence: 1 }, { k: 4 }];

/** One way of showing the evidence, and what came of it. */
export interface ComparedAdapter {
  /** Passages that a search brings. */
  readonly k: number;
  /** Most of them that the writer is shown. @default all */
  readonly maxEvidence?: number | undefined;
  readonly report: AdapterReport;
}

/** Asks with the adapter and without, where there is one and questions to ask; says what is left out. */
export async function compareAdapter(options: CompareAdapterOptions): Promise<ComparedAdapter[]> {
  const { models, data = besideTheProject, questions, seed, base, url, engine } = options;
  if (questions === 0) return [];
  if (!engine.models.includes(adapter) || (await stat(data).catch(() => undefined)) === undefined) {
    console.log(`The adapter is not asked: that takes ${adapterPath} among the models, and a BEIR folder (--data).`);
    return [];
  }
  const embedder = miniLM();
  const { dataset, view, close } = await openDataset(data, { embedder });
  const done: ComparedAdapter[] = [];
  try {
    for (const [at, setting] of settings.entries()) {
      const report = await askWithAdapter({
        view,
        ...dataset,
        ...setting,
        ...{ models, url, base, adapter, questions, seed },
        ...(at === settings.length - 1 ? { withdraw: () => engine.unload(adapter) } : {}),
        onAsked: (question, base, tuned) => {
          const verified = [base, tuned].map((one) => (one.verified ? "a verified quote" : "none"));
          console.log(`${question}\n   base: ${verified[0]}; adapter: ${verified[1]}`);
        },
      });
      done.push({ ...setting, report });
      console.log(
        `${dataset.name}, seed ${seed}, the writer is shown ${setting.maxEvidence ?? setting.k} of ${setting.k}`,
      );
      console.table({ base: report.base, adapter: report.adapter });
      for (const { served, notes } of report.withdrawn)
        console.log(`withdrawn: ${served.join(", ")} served. ${notes.join(" ")}`);
    }
  } finally {
    await close();
    await embedder.close();
  }
  return done;
}

/** The adapter by the name under which it is served; none where there is no such file. */
export async function adaptersIn(models: string): Promise<Record<string, string>> {
  const path = join(models, adapterPath);
  return (await stat(path).catch(() => undefined)) === undefined ? {} : { [adapter]: path };
}
