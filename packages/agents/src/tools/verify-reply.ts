import {
  type AnswerSentence,
  type Citation,
  checkKeys,
  type Evidence,
  type EvidenceId,
  type Note,
  passageId,
  safeAnswerText,
  verifySentence,
} from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { draftParser } from "../llm/parse-draft.js";
import type { PlainHit } from "./passages-content.js";

/** Options of {@link verifyReply}. */
export interface VerifyReplyOptions {
  /** Names of the tools, made by `searchTool`, whose passages count. @default every one whose artifact holds passages */
  tools?: readonly string[] | undefined;
  /** Makes the terms that are compared; that of the sources' language. @default the English one */
  analyzer?: Analyzer | undefined;
}

/** What another agent said last, verified. */
export interface VerifiedReply {
  /** The sentences, joined, without ids of passages. */
  readonly text: string;
  readonly sentences: readonly AnswerSentence[];
  /** All citations, each once, in order of first use; `evidence` is the id that the tool showed. */
  readonly citations: readonly Citation[];
  /** Citations that were removed, and links that lead to no cited source. */
  readonly notes: readonly Note[];
}

const shownId = /\bP[0-9a-f]{10}\b/g;

/**
 * Verifies the last words of somebody else's agent, such as `createAgent` of `langchain`, against the passages that its tools made by
 * `searchTool` have shown: each sentence by `verifySentence`, its citations being the ids that it names (`[P1f0c…]`). Ids that no
 * tool has shown are removed, with a note; a sentence without an id is `uncited`.
 *
 * @param messages the conversation, as the agent's state holds it
 */
export function verifyReply(messages: readonly BaseMessage[], options: VerifyReplyOptions = {}): VerifiedReply {
  checkKeys("verifyReply", options, ["tools", "analyzer"]);
  const { tools, analyzer } = options;
  const known = new Map<string, Evidence>();
  for (const message of messages) {
    if (!ToolMessage.isInstance(message) || (tools !== undefined && !tools.includes(message.name ?? ""))) continue;
    for (const hit of hitsOf(message.artifact)) if (!known.has(hit.id)) known.set(hit.id, evidenceOf(hit));
  }
  // the parser knows ids of the form E1; large numbers, since a model may write small ones of its own
  const numbers = new Map<string, string>();
  const said = messages.findLast((message) => AIMessage.isInstance(message))?.text ?? "";
  const draft = said.replace(shownId, (id) => {
    const number = [...numbers].find(([, of]) => of === id)?.[0] ?? `E${900_000_000 + numbers.size}`;
    numbers.set(number, id);
    return number;
  });
  const parser = draftParser();
  const parsed = [...parser.push(draft), ...parser.end()];
  const notes: Note[] = [];
  const sentences = parsed.map((one): AnswerSentence => {
    const citations = one.citations.map((cited) => ({
      ...cited,
      evidence: numbers.get(cited.evidence) ?? cited.evidence,
    }));
    const ledger = { get: (id: string) => known.get(id) };
    const checked = verifySentence({ text: one.text, citations }, ledger, { analyzer });
    const safe = safeAnswerText(
      checked.sentence.text,
      checked.sentence.citations.flatMap(({ uri }) => uri ?? []),
    );
    notes.push(...checked.notes, ...safe.notes);
    return { ...checked.sentence, text: safe.text };
  });
  const citations = new Map<string, Citation>();
  for (const citation of sentences.flatMap((one) => one.citations)) {
    const key = JSON.stringify([citation.evidence, citation.span]);
    if (!citations.has(key)) citations.set(key, citation);
  }
  const joined = safeAnswerText(
    sentences.map(({ text }) => text).join(" "),
    [...citations.values()].flatMap(({ uri }) => uri ?? []),
  );
  return { text: joined.text, sentences, citations: [...citations.values()], notes: [...notes, ...joined.notes] };
}

function hitsOf(artifact: unknown): readonly PlainHit[] {
  const hits = typeof artifact === "object" && artifact !== null && "hits" in artifact ? artifact.hits : [];
  return Array.isArray(hits)
    ? hits.filter((hit) => typeof hit?.text === "string" && /^P[0-9a-f]{10}$/.test(hit.id))
    : [];
}

const evidenceOf = ({ id, passage, score, ...rest }: PlainHit): Evidence => ({
  id: id as EvidenceId,
  passage: { ...rest, id: passageId(passage), ordinal: 0, metadata: {} },
  score,
  hop: 1,
  queries: [],
});
