import type { Answer, AnswerSentence } from "@clew/core";
import type { AgentEvent } from "../agent-event.js";
import { answerParts, sourceChunk } from "./answer-parts.js";
import type { ClewUIMessageChunk } from "./ui-message-chunk.js";

/** How a {@link messageWriter} writes. */
export interface MessageWriterOptions {
  readonly marks: boolean;
  /** Whether text comes sentence by sentence, or with the answer. */
  readonly streams: boolean;
  readonly drafts: boolean;
}

/** Turns the events of one run, in order, into the chunks of one message. */
export type MessageWriter = (event: AgentEvent) => ClewUIMessageChunk[];

/**
 * The writer of one message. It shows a sentence of a draft as soon as it is verified, while all before it were supported too. What
 * was shown is the beginning of the answer, or is followed by another text part with the whole answer: the last text part is always
 * the answer.
 */
export function messageWriter({ marks, streams, drafts }: MessageWriterOptions): MessageWriter {
  const sources = new Set<string>();
  const shown = new Map<string, string>();
  let text = "";
  let parts = 0;
  let open = false;
  let attempt: number | undefined;
  let sentences: AnswerSentence[] = [];
  let holding = !streams;

  const id = (): string => `text-${parts}`;
  /** The text so far, made what it is to be: by what is missing of it, or by a part of its own. */
  const write = (whole: string): ClewUIMessageChunk[] => {
    const chunks: ClewUIMessageChunk[] = [];
    if (open && !whole.startsWith(text)) {
      chunks.push({ type: "text-end", id: id() });
      open = false;
    }
    if (!open) {
      parts += 1;
      open = true;
      text = "";
      chunks.push({ type: "text-start", id: id() });
    }
    if (whole !== text) chunks.push({ type: "text-delta", id: id(), delta: whole.slice(text.length) });
    text = whole;
    return chunks;
  };
  /** A data part that stays, unless it stands there as it is. */
  const keep = (chunk: ClewUIMessageChunk & { id?: string; data: unknown }): ClewUIMessageChunk[] => {
    const json = JSON.stringify(chunk.data);
    if (shown.get(chunk.id!) === json) return [];
    shown.set(chunk.id!, json);
    return [chunk];
  };
  const rest = (of: readonly AnswerSentence[], between: string) => {
    const found = answerParts(of, { marks, between });
    const kept = [
      ...found.citations.flatMap((one) => {
        const isNew = !sources.has(one.source);
        sources.add(one.source);
        return [
          ...(isNew ? [sourceChunk(one)] : []),
          ...keep({ type: "data-citation", id: `citation-${one.number}`, data: one }),
        ];
      }),
      ...found.sentences.flatMap((one) => keep({ type: "data-sentence", id: `sentence-${one.number}`, data: one })),
    ];
    return { ...found, kept };
  };

  const draft = (event: Extract<AgentEvent, { type: "sentence" }>): ClewUIMessageChunk[] => {
    if (event.attempt !== attempt) {
      // of a text that was shown, what is written in its place is only known to be the answer at the end
      holding = !streams || open;
      attempt = event.attempt;
      sentences = [];
    }
    // a later verdict of a sentence that was shown: the end says what became of it
    if (sentences.some((one) => one.text === event.sentence.text)) holding = true;
    holding ||= event.sentence.verdict !== "supported";
    if (holding) return [];
    sentences.push(event.sentence);
    const { text: whole, kept } = rest(sentences, " ");
    if (!whole.startsWith(text)) {
      holding = true;
      return [];
    }
    return [...write(whole), ...kept];
  };

  const done = (answer: Answer): ClewUIMessageChunk[] => {
    const { text: whole, kept, citations } = rest(answer.sentences, answer.fields === undefined ? " " : "\n");
    const withdrawn = [...shown.keys()].flatMap((key): ClewUIMessageChunk[] => {
      const [kind, number] = key.split("-");
      if (kind === "citation" && Number(number) > citations.length) {
        return keep({ type: "data-citation", id: key, data: null });
      }
      if (kind === "sentence" && Number(number) > answer.sentences.length) {
        return keep({ type: "data-sentence", id: key, data: null });
      }
      return [];
    });
    const { id: run, status, confidence, notes, usage } = answer;
    const data = { id: run, status, ...(confidence === undefined ? {} : { confidence }), notes, usage };
    return [
      ...write(whole === "" ? answer.text : whole),
      { type: "text-end", id: id() },
      ...kept,
      ...withdrawn,
      { type: "data-answer", id: "answer", data },
    ];
  };

  return (event) => {
    switch (event.type) {
      case "sentence":
        return draft(event);
      case "done":
        return done(event.answer);
      case "field":
        return [{ type: "data-field", id: `field-${event.path}`, data: { path: event.path, field: event.field } }];
      case "approval":
        return [{ type: "data-approval", id: "approval", data: event.request }];
      case "plan":
        return [{ type: "data-plan", data: event.plan, transient: true }];
      case "query": {
        const { hop, source, query, why } = event;
        const data = { hop, ...(source === undefined ? {} : { source }), query, why };
        return [{ type: "data-query", data, transient: true }];
      }
      case "hits": {
        const titles = event.hits.map(({ title, source }) => (title === "" ? source : title));
        return [{ type: "data-hits", data: { hop: event.hop, query: event.query, titles }, transient: true }];
      }
      case "evidence": {
        const { source, title, page, text: quoted } = event.evidence.passage;
        const named = { id: event.evidence.id, source, title, ...(page === undefined ? {} : { page }) };
        return [{ type: "data-evidence", data: { ...named, text: quoted }, transient: true }];
      }
      case "note":
        return [{ type: "data-note", data: event.note, transient: true }];
      case "usage":
        return [{ type: "data-usage", data: event.usage, transient: true }];
      case "draft": {
        const { attempt: number, text: written } = event;
        return drafts ? [{ type: "data-draft", data: { attempt: number, text: written }, transient: true }] : [];
      }
      case "route":
        return [];
    }
  };
}
