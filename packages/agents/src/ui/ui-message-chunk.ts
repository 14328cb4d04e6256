import type { AnswerField, AnswerStatus, Note, Plan, Span, Usage, Verdict } from "@clew/core";
import type { ApprovalRequest } from "../approval.js";

/** A sentence of the answer. */
export type UISentence = {
  /** From 1, in the order of the answer. */
  readonly number: number;
  readonly text: string;
  readonly verdict: Verdict;
  /** What is not covered, for people; empty when supported. */
  readonly reasons: readonly string[];
  /** Numbers of its citations. */
  readonly citations: readonly number[];
};

/** A quote that code has found in its source, verbatim. Its texts are of unknown hand: escape them, as React does. */
export type UICitation = {
  /** From 1, in order of first use: `[1]` in the text. */
  readonly number: number;
  /** Numbers of the sentences that it holds. */
  readonly sentences: readonly number[];
  readonly quote: string;
  /** Id of the source, as in its source part. */
  readonly source: string;
  readonly title: string;
  /** Web address of the source; absent for any other kind of address, which would tell of the server's disk. */
  readonly url?: string | undefined;
  /** In the source's canonical text, in UTF-16 code units. */
  readonly span: Span;
  /** Page on which the quote starts, from 1. */
  readonly page?: number | undefined;
  /** Line on which the quote starts, from 1. */
  readonly line: number;
};

/**
 * Data parts of a message, for `UIMessage<unknown, ClewUIData>`. `sentence`, `citation`, `field`, `approval` and `answer` stay in the
 * message; the others are transient: `useChat` hands them to `onData` and keeps none.
 */
export type ClewUIData = {
  /** Null where a sentence that was shown before is no part of the answer. */
  sentence: UISentence | null;
  /** Null where a citation that was shown before is no part of the answer. */
  citation: UICitation | null;
  /** A leaf of an answer with a schema, by JSON pointer. */
  field: { readonly path: string; readonly field: AnswerField };
  /** A person has to decide: ask again with a decision. */
  approval: ApprovalRequest;
  /** What became of the question; last. */
  answer: {
    readonly id: string;
    readonly status: AnswerStatus;
    readonly confidence?: number | undefined;
    readonly notes: readonly Note[];
    readonly usage: Usage;
  };
  plan: Plan;
  query: { readonly hop: number; readonly source?: string | undefined; readonly query: string; readonly why: string };
  hits: { readonly hop: number; readonly query: string; readonly titles: readonly string[] };
  evidence: {
    readonly id: string;
    readonly source: string;
    readonly title: string;
    readonly page?: number | undefined;
    readonly text: string;
  };
  /** Text as it is written, unverified; only where it was asked for. */
  draft: { readonly attempt: number; readonly text: string };
  note: Note;
  usage: Usage;
};

type DataChunk = {
  [Name in keyof ClewUIData]: {
    type: `data-${Name}`;
    id?: string;
    data: ClewUIData[Name];
    transient?: boolean;
  };
}[keyof ClewUIData];

/** A chunk of the AI SDK's UI message stream, of the kinds that an agent's run makes. */
export type ClewUIMessageChunk =
  | { type: "start"; messageId?: string }
  | { type: "text-start"; id: string }
  | { type: "text-delta"; id: string; delta: string }
  | { type: "text-end"; id: string }
  | { type: "source-url"; sourceId: string; url: string; title?: string }
  | { type: "source-document"; sourceId: string; mediaType: string; title: string }
  | DataChunk
  | { type: "error"; errorText: string }
  | { type: "abort"; reason?: string }
  | { type: "finish"; finishReason?: "stop" | "other" };
