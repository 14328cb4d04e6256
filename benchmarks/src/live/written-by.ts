import { type Answer, openTrace } from "@clew/core";

/** What a writer wrote, and what became of it. */
export interface Written {
  /** What really served, as the trace tells; several where one took over from another. */
  readonly served: readonly string[];
  readonly text: string;
  /** The model kept to `<quote id="…">…</quote>`. */
  readonly form: boolean;
  /** One of the quotes that the model marked stands word for word in the passage that it named. */
  readonly verbatim: boolean;
  /** One of them is a citation of a supported sentence of the answer. */
  readonly verified: boolean;
  /** The answer has a supported sentence, whoever found its quote: the model, or code where the model marked none. */
  readonly supported: boolean;
}

const quoted = /<quote\s+id="(E\d+)"\s*>([\s\S]*?)<\/quote>/g;

/** Reads from an answer's record what its writer wrote. */
export function writtenBy({ trace, evidence, sentences }: Answer): Written {
  const calls = openTrace(trace).flatMap(({ kind, data }) => {
    const { role, served, text } = data as Record<string, unknown>;
    return kind === "model" && role === "writer" ? [{ served: String(served), text: String(text) }] : [];
  });
  const text = calls.map((call) => call.text).join("\n");
  const marked = [...text.matchAll(quoted)].map(([, id, quote]) => ({ id, quote: quote!.trim() }));
  const supported = sentences.filter(({ verdict }) => verdict === "supported");
  return {
    served: calls.map(({ served }) => served),
    text,
    form: marked.length > 0,
    verbatim: marked.some(
      ({ id, quote }) => quote !== "" && evidence.some((one) => one.id === id && one.passage.text.includes(quote)),
    ),
    verified: supported.some(({ citations }) =>
      citations.some(({ evidence: id, quote }) => marked.some((one) => one.id === id && one.quote.includes(quote))),
    ),
    supported: supported.length > 0,
  };
}
