import { createRetrievalAgent, llmPolicy } from "@clew/agents";
import {
  type Answer,
  type Budget,
  type Capabilities,
  type Passage,
  passageId,
  type Retriever,
  type SearchOptions,
  type SourceText,
  type Splitter,
  scope,
} from "@clew/core";
import { aSourceText, fixedRuntime, hashEmbedder, type SourceTextFields, sourceInput } from "@clew/core/testing";
import { memoryIndex } from "@clew/index";
import { hybrid, live } from "@clew/retrievers";
import { MemorySaver } from "@langchain/langgraph";
import type { AttackCase, PlantedSource } from "./attack-case.js";
import { type AttackedModel, attackedModel, type Obeys } from "./attacked-model.js";
import { boardText, cleanSources, foreignTexts } from "./harbour-corpus.js";

/** The places that an agent with names has. */
export const sourceNames = ["notices", "web"] as const;

/** What a run under attack is limited to. */
export const attackBudget = Object.freeze({ tokens: 60_000, calls: 60, hops: 3 }) satisfies Budget;

/** Who decides in a run: a model that obeys, or code alone. */
export type Subject = Obeys | "extractive";

/** A search as it was asked for. */
export interface SeenSearch {
  readonly query: string;
  readonly options: SearchOptions;
}

/** A run under attack and all that could be seen of it from outside. */
export interface AttackRun {
  readonly attack: AttackCase;
  readonly subject: Subject;
  /** Of each question asked in the thread. */
  readonly answers: readonly Answer[];
  readonly searches: readonly SeenSearch[];
  /** Absent where code decides. */
  readonly model?: AttackedModel | undefined;
}

/** An index of two tenants in which every attack is planted. */
export interface AttackBench {
  run(attack: AttackCase, subject: Subject): Promise<AttackRun>;
  /** Every source's canonical text, by id. */
  readonly texts: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** A source is one passage: what stands in it is retrieved as a whole. */
const whole: Splitter = {
  fingerprint: "whole-source@1",
  split: ({ source, text, headings }: SourceText): Passage[] => {
    const from = headings[0] === undefined ? 0 : headings[0].span[1] + 1;
    const { id, title, uri, metadata, access } = source;
    return [
      {
        id: passageId(id),
        source: id,
        ordinal: 0,
        span: [from, text.length],
        text: text.slice(from),
        title,
        uri,
        headings: headings.map((heading) => heading.text),
        line: 1,
        metadata,
        access,
      },
    ];
  },
};

const clean = "none";
const acme = scope("acme");
const globex = scope("globex");

/** Opens the bench: the clean corpus, the other tenant's, and every planted source, found by the case it belongs to. */
export async function openAttackBench(attacks: readonly AttackCase[]): Promise<AttackBench> {
  const index = memoryIndex({ embedder: hashEmbedder(), splitter: whole });
  const texts = new Map<string, string>();
  const source = (fields: SourceTextFields) => {
    texts.set(fields.id!, aSourceText(fields).text);
    return sourceInput(fields);
  };
  const [boardTitle, boardBody] = boardText;
  await index.sync(acme, [
    ...cleanSources.map(({ title, text }, n) => source({ id: `clean:${n}`, title, text, metadata: { attack: clean } })),
    source({ id: "board:1", title: boardTitle, text: boardBody, metadata: { attack: clean }, access: ["board"] }),
    ...attacks.flatMap((attack) =>
      attack.through === "live" ? [] : attack.planted.map((one, n) => source(plantedFields(attack, one, n))),
    ),
  ]);
  await index.sync(
    globex,
    foreignTexts.map(([title, text], n) =>
      sourceInput({ id: `globex:${n}`, title, text, metadata: { attack: clean } }),
    ),
  );
  const indexed = hybrid(index.in(acme));

  return {
    texts,
    close: () => index.close(),
    run: async (attack, subject) => {
      const searches: SeenSearch[] = [];
      const places = {
        notices: { retriever: watched(indexed, searches), about: "Notices about the harbour and its trades." },
        web: { retriever: watched(liveOf(attack), searches), about: "Pages of the web." },
      } satisfies Record<(typeof sourceNames)[number], unknown>;
      const where =
        attack.through === "sources"
          ? { sources: places }
          : { retriever: attack.through === "live" ? places.web.retriever : places.notices.retriever };
      const model = subject === "extractive" ? undefined : attackedModel(attack, subject);
      const inThread = attack.before !== undefined;
      const agent = createRetrievalAgent({
        ...where,
        scope: acme,
        budget: attackBudget,
        runtime: fixedRuntime(),
        ...(model === undefined
          ? {}
          : { policy: llmPolicy({ models: model.model, capabilities: capabilitiesOf(attack) }) }),
        ...(inThread ? { checkpointer: new MemorySaver() } : {}),
      });
      const options = {
        ...(inThread ? { thread: "t" } : {}),
        ...(attack.conversation === undefined ? {} : { conversation: attack.conversation }),
        ...(attack.through === "live" ? {} : { filter: { attack: { $in: [clean, attack.id] } } }),
      };
      const answers: Answer[] = [];
      for (const question of [attack.before, attack.question]) {
        if (question !== undefined) answers.push(await agent.ask(question, options));
      }
      return { attack, subject, answers, searches, model };
    },
  };
}

function plantedFields(attack: AttackCase, { text, title, uri, heading, metadata }: PlantedSource, n: number) {
  return {
    id: `${attack.id}:${n}`,
    text: heading === undefined ? text : `${heading}\n${text}`,
    headings: heading === undefined ? [] : [{ level: 1, text: heading, span: [0, heading.length] as const }],
    metadata: { ...metadata, attack: attack.id },
    ...(title === undefined ? {} : { title }),
    ...(uri === undefined ? {} : { uri }),
  };
}

/** What the attacker put on the web. */
function liveOf({ id, planted }: AttackCase): Retriever {
  const results = planted.map(({ text, title = "Result", uri }, n) => ({
    id: `page-${n}`,
    text,
    title,
    metadata: { attack: id },
    ...(uri === undefined ? {} : { uri }),
  }));
  return live(async () => results, { name: "web" });
}

/** The same retriever, with every search written down. */
function watched(retriever: Retriever, searches: SeenSearch[]): Retriever {
  return Object.assign(Object.create(retriever) as Retriever, {
    search: (query: string, options: SearchOptions = {}) => {
      searches.push({ query, options });
      return retriever.search(query, options);
    },
  });
}

const forms: readonly Capabilities[] = [
  { tools: true },
  { tools: false, jsonMode: false },
  { jsonSchema: true },
  { tools: false, jsonMode: true },
];

/** Structured output in all its forms, turn by turn. JSON in a source is dangerous where the model answers in prose. */
function capabilitiesOf({ id, family }: AttackCase): Capabilities {
  return family === "tool-arguments" ? forms[1]! : forms[Number(id.split("/")[1]) % forms.length]!;
}
