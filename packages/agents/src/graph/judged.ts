import type { AnswerSentence, Judgement } from "@clew/core";
import { inTime } from "./in-time.js";
import type { AgentParts, Run } from "./run.js";

/** The sentences after a judge has looked at those that code found supported. It can only take away. */
export async function judged(
  sentences: readonly AnswerSentence[],
  { policy }: AgentParts,
  run: Run,
): Promise<readonly AnswerSentence[]> {
  const judge = policy.judge?.bind(policy);
  const supported = sentences.filter(({ verdict }) => verdict === "supported");
  if (judge === undefined || supported.length === 0) return sentences;
  const judgements = await inTime<readonly Judgement[]>(run, {
    what: "a judge looked at the answer",
    work: (call) => judge(supported, run.view, call),
    otherwise: () => [],
  });
  if (judgements.some((one) => one !== "undetermined")) await run.record("judge", judgements);
  return sentences.map((sentence) => {
    const at = supported.indexOf(sentence);
    if (at < 0 || judgements[at] !== "unsupported") return sentence;
    return {
      ...sentence,
      verdict: "unsupported",
      reasons: ["A judge model finds that its quotes do not say it."],
    };
  });
}
