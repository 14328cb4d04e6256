import { type AnswerSentence, fenceTexts, type Judgement, type PolicyCall } from "@clew/core";
import { z } from "zod/v4";

/** What a judge answers. */
export const judgeSchema = z.object({
  judgements: z.array(z.object({ number: z.number(), verdict: z.enum(["supported", "unsupported", "undetermined"]) })),
});

/** Sentences that are judged in one call, at most. */
const mostAtOnce = 20;

/** Sentences in slices of at most twenty, and of so many characters where more than one is in it. */
export function slicesOf(sentences: readonly AnswerSentence[], maxChars: number): AnswerSentence[][] {
  const slices: AnswerSentence[][] = [];
  let room = 0;
  for (const sentence of sentences) {
    const size = sentence.text.length + sentence.citations.reduce((sum, { quote }) => sum + quote.length, 0);
    const last = slices.at(-1);
    if (last === undefined || last.length === mostAtOnce || size > room) {
      slices.push([sentence]);
      room = maxChars - size;
    } else {
      last.push(sentence);
      room -= size;
    }
  }
  return slices;
}

/** The sentences with their quotes, numbered and fenced, and the line that tells how to read the fence. */
export function judgeRequest(
  sentences: readonly AnswerSentence[],
  { runtime }: Pick<PolicyCall, "runtime">,
): { readonly user: string; readonly rules: string } {
  const parts = sentences.flatMap(({ text, citations }, index) => [
    { number: index + 1, name: "sentence", text },
    ...citations.map(({ quote, title }) => ({ number: index + 1, name: "quote", text: `Title: ${title}\n${quote}` })),
  ]);
  const { texts, instructions } = fenceTexts(parts, { runtime });
  const user = sentences
    .map((_, index) => {
      const own = texts.filter((_text, at) => parts[at]!.number === index + 1);
      return [`Sentence ${index + 1}:`, ...own].join("\n");
    })
    .join("\n\n");
  return { user, rules: instructions };
}

/** A judge's answer, one judgement for each sentence: of what it left out, or says twice in two ways, nothing is known. */
export function judgementsFrom({ judgements }: z.infer<typeof judgeSchema>, count: number): Judgement[] {
  return Array.from({ length: count }, (_, index) => {
    const verdicts = new Set(judgements.filter(({ number }) => number === index + 1).map(({ verdict }) => verdict));
    const [verdict] = verdicts;
    return verdicts.size === 1 && verdict !== undefined ? verdict : "undetermined";
  });
}
