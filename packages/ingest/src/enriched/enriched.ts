import {
  checkKeys,
  invalidOption,
  note,
  type Passage,
  positiveInteger,
  type Runtime,
  type SourceId,
  type SourceText,
  type SplitOptions,
  type Splitter,
  systemRuntime,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type ContextCache, contextOwner, memoryContexts } from "./context-cache.js";
import { modelContexts } from "./model-contexts.js";
import { type ContextRule, ruleContexts } from "./rule-context.js";

/** How far the contexts of one source are. */
export interface ContextProgress {
  readonly source: SourceId;
  /** Passages that have their context. */
  readonly done: number;
  readonly of: number;
}

/** Options of {@link enriched}: rules, or a model. */
export interface EnrichedOptions {
  /** Makes contexts by rules, in this order. @default ["lead"] without a model */
  rules?: readonly ContextRule[] | undefined;
  /** Writes contexts, with the document before it. @default none */
  model?: BaseChatModel | undefined;
  /** Name of the model in the fingerprint and the cache; change it with whatever changes its answers. @default its type and its own name */
  modelId?: string | undefined;
  /** What the model is to do; document and passage follow, fenced. @default to situate the passage in one or two sentences */
  prompt?: string | undefined;
  /** Keeps what the model wrote. @default in memory, the last 10000; `contextFile(path)` keeps them for the next sync */
  cache?: ContextCache | undefined;
  /** Characters of a context at most. @default 300 */
  maxCharacters?: number | undefined;
  /** Characters of the document that the model sees with a passage; of a longer one its beginning and what stands around. @default 24000 */
  maxDocumentCharacters?: number | undefined;
  /** Passages of a source in which the model is asked at once. @default 4 */
  concurrency?: number | undefined;
  /** Failures in a row after which the rest of a source goes without context. @default 3 */
  maxFailures?: number | undefined;
  /** Hears of each passage that has its context. */
  onProgress?: ((progress: ContextProgress) => void) | undefined;
  /** Draws the fence of the prompt. @default `systemRuntime` */
  runtime?: Pick<Runtime, "random"> | undefined;
}

/** Raise when the contexts of any passage change. */
const version = 1;
const cacheCapacity = 10_000;

const defaultPrompt =
  "You situate a passage within the document that it comes from, so that a search finds it: say in one or two short " +
  "sentences what the passage is about and what its pronouns, abbreviations and open references stand for (who, which " +
  "company, which period), in the language of the document. Answer with these sentences alone.";

/**
 * A splitter whose passages carry a line of context: searched as a field of its own and embedded with the passage, never
 * quoted, since quotes are looked for in `text` alone. Spans and ids are those of the splitter within; the fingerprint says
 * how contexts are made, so that an index made otherwise is refused.
 *
 * A model is asked once for each passage: what it wrote is kept by a hash of tenant, source, title, headings, passage,
 * prompt and model. What it fails in goes without context, with a note in the sync's report; what it cost is in the report's
 * usage. A dry run asks no model.
 *
 * @throws ClewError `invalid-option`
 * @see "Introducing Contextual Retrieval", Anthropic, 2024
 */
export function enriched(splitter: Splitter, options: EnrichedOptions = {}): Splitter {
  checkKeys("enriched", options, known);
  const { model, prompt = defaultPrompt, maxCharacters = 300, runtime = systemRuntime, onProgress } = options;
  const { maxDocumentCharacters = 24_000, concurrency = 4, maxFailures = 3 } = options;
  const { cache = memoryContexts(cacheCapacity), rules = ["lead"] } = options;
  positiveInteger("maxCharacters", maxCharacters);
  positiveInteger("maxDocumentCharacters", maxDocumentCharacters);
  positiveInteger("concurrency", concurrency);
  positiveInteger("maxFailures", maxFailures);
  if (model === undefined) {
    for (const key of forModels) {
      if (options[key] !== undefined) throw invalidOption(key, "left out where there is no model");
    }
    checkRules(rules);
    return {
      fingerprint: `${splitter.fingerprint}+context-rules-${version}:${rules.map(nameOf).join(",")}:${maxCharacters}`,
      split: async (text, handed) => {
        const passages = await splitter.split(text, handed);
        const contexts = ruleContexts(text, passages, rules, maxCharacters);
        return passages.map((passage, at) => withContext(passage, contexts[at]!));
      },
    };
  }
  if (options.rules !== undefined) throw invalidOption("rules", "left out where a model writes the contexts");
  if (prompt.trim() === "") throw invalidOption("prompt", "what the model is to do", prompt);
  const modelId = options.modelId ?? nameOfModel(model);
  const settings = contentHash(JSON.stringify([prompt, maxCharacters, maxDocumentCharacters]));

  const split = async (text: SourceText, handed: SplitOptions = {}): Promise<readonly Passage[]> => {
    const { tenant = "", dryRun = false, signal, call, onNote, onUsage } = handed;
    const passages = await splitter.split(text, handed);
    const { id: source } = text.source;
    const contexts = new Map<string, string>();
    const missing = new Map<string, Passage>();
    const keyOf = ({ title, headings, text: own }: Passage): string =>
      contentHash(JSON.stringify([version, tenant, modelId, settings, source, title, headings, own]));
    const keys = new Map(passages.map((passage) => [passage.id, keyOf(passage)]));
    for (const passage of passages) {
      const key = keys.get(passage.id)!;
      if (contexts.has(key) || missing.has(key)) continue;
      const kept = await cache.get(key);
      signal?.throwIfAborted();
      if (kept === undefined) missing.set(key, passage);
      else contexts.set(key, kept);
    }
    if (dryRun) {
      if (missing.size > 0) {
        const message = `A dry run asks no model: ${missing.size} passages of "${source}" would get their context in a sync.`;
        onNote?.(note("context-missing", message, { source, passages: missing.size }));
      }
    } else if (missing.size > 0) {
      let done = contexts.size;
      const notes = await modelContexts(text, [...missing.values()], {
        model,
        prompt,
        concurrency,
        maxCharacters,
        maxDocumentCharacters,
        maxFailures,
        runtime,
        signal,
        call,
        onUsage,
        onContext: async (passage, context) => {
          const key = keys.get(passage.id)!;
          contexts.set(key, context);
          await cache.set(key, context, contextOwner(tenant, source));
          done += 1;
          onProgress?.({ source, done, of: contexts.size + missing.size });
        },
      });
      for (const one of notes) onNote?.(one);
    }
    return passages.map((passage) => withContext(passage, contexts.get(keys.get(passage.id)!) ?? ""));
  };
  return { fingerprint: `${splitter.fingerprint}+context-model-${version}:${modelId}:${settings}`, split };
}

/** The passage with one more line of context; of a splitter that made one already, both. */
function withContext(passage: Passage, context: string): Passage {
  if (context === "") return passage;
  return { ...passage, context: passage.context === undefined ? context : `${passage.context} ${context}` };
}

function checkRules(rules: readonly ContextRule[]): void {
  const names: readonly unknown[] = ["title", "headings", "position", "lead"];
  const isRule = (rule: unknown): boolean =>
    names.includes(rule) ||
    (typeof rule === "object" && rule !== null && "metadata" in rule && typeof rule.metadata === "string");
  if (!Array.isArray(rules) || rules.length === 0 || !rules.every(isRule)) {
    throw invalidOption("rules", `a list of ${names.join(", ")} or { metadata: "field" }`, rules);
  }
}

const nameOf = (rule: ContextRule): string => (typeof rule === "string" ? rule : `metadata(${rule.metadata})`);

function nameOfModel(model: BaseChatModel): string {
  const { model: name, modelName } = model as { model?: unknown; modelName?: unknown };
  const own = [name, modelName].find((one) => typeof one === "string" && one !== "");
  return own === undefined ? model._llmType() : `${model._llmType()}:${String(own)}`;
}

const forModels = [
  "modelId",
  "prompt",
  "cache",
  "maxDocumentCharacters",
  "concurrency",
  "maxFailures",
  "onProgress",
  "runtime",
] satisfies (keyof EnrichedOptions)[];

const known = ["rules", "model", "maxCharacters", ...forModels] satisfies (keyof EnrichedOptions)[];
