import { answerContent } from "@clew/agents";
import { type Answer, ClewError } from "@clew/core";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { z } from "zod/v4";
import type { McpRequest } from "./mcp-call.js";
import type { CheckedMcpOptions } from "./mcp-options.js";
import type { askOutput } from "./mcp-schemas.js";

/** `ask`: an answer for a model as text, and for programs as structured content. */
export async function askHandler(
  { agent, view, filter, budget, runtime }: CheckedMcpOptions,
  { question }: { readonly question: string },
  { signal, progress }: McpRequest,
): Promise<CallToolResult> {
  for await (const event of agent!.stream(question, { signal, filter, budget })) {
    if (event.type === "query") progress(`Hop ${event.hop}: ${event.query}`);
    else if (event.type === "hits") progress(`${event.hits.length} passages found for: ${event.query}`);
    else if (event.type === "done") {
      const content = [
        { type: "text" as const, text: answerContent(event.answer, { passageIds: view !== undefined, runtime }) },
      ];
      return { content, structuredContent: structured(event.answer) };
    }
  }
  throw new ClewError("invalid-output", "The run ended without an answer.");
}

function structured({
  status,
  confidence,
  text,
  sentences,
  citations,
  evidence,
  notes,
}: Answer): z.output<typeof askOutput> {
  const keyOf = ({ evidence: id, span }: Answer["citations"][number]): string => JSON.stringify([id, span]);
  const positions = new Map(citations.map((citation, at) => [keyOf(citation), at]));
  const passages = new Map(evidence.map(({ id, passage }) => [id, passage.id]));
  return {
    status,
    ...(confidence === undefined ? {} : { confidence }),
    text,
    sentences: sentences.map((sentence) => ({
      text: sentence.text,
      verdict: sentence.verdict,
      citations: sentence.citations.map((citation) => positions.get(keyOf(citation))!),
    })),
    citations: citations.map(({ quote, source, title, uri, page, line, span, evidence: id }) => ({
      quote,
      passage: passages.get(id)!,
      source,
      title,
      ...(uri === undefined ? {} : { uri }),
      ...(page === undefined ? {} : { page }),
      line,
      span: [...span],
    })),
    notes: notes.map(({ code, message }) => ({ code, message })),
  };
}
