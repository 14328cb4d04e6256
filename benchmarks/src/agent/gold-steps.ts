import type { BeirDataset, BeirQuery } from "@clew/evaluate";
import { normaliseAnswer } from "@clew/evaluate";

/** One step of a question's gold decomposition. */
export interface GoldStep {
  readonly id: string;
  /** What is asked, the answer of an earlier step as `{q1}`. */
  readonly question: string;
  readonly dependsOn: readonly string[];
  readonly answer: string;
  /** Documents that state the answer. */
  readonly support: readonly string[];
  /** What to look for when the question itself did not find it, earlier answers as `{q1}`. */
  readonly retry: string;
}

interface MusiqueStep {
  readonly question: string;
  readonly answer: string;
  readonly support: string;
}

interface Triple {
  readonly subject: string;
  readonly relation: string;
  readonly object: string;
}

/**
 * The steps of a question, as MuSiQue (sub-questions with `#1`, or `subject >> relation`) and 2WikiMultihopQA (triples) write
 * them; none for a set that has no decompositions.
 */
export function goldSteps(query: BeirQuery, { qrels, corpus }: GoldTexts): GoldStep[] {
  const parts = query.fields.decomposition;
  if (!Array.isArray(parts)) return [];
  return parts.map((part: MusiqueStep | Triple, index) => {
    const id = `q${index + 1}`;
    if ("support" in part) return { id, ...asked(part.question), answer: part.answer, support: [part.support] };
    const earlier = (parts as Triple[]).slice(0, index).findIndex(({ object }) => same(object, part.subject));
    const subject = earlier < 0 ? part.subject : `{q${earlier + 1}}`;
    const gold = [...(qrels.get(query.id) ?? [])].filter(([, grade]) => grade > 0).map(([document]) => document);
    const titled = gold.filter((document) =>
      same(corpus.get(document)?.title.replace(/\(.*\)$/, "") ?? "", part.subject),
    );
    const stating = gold.filter((document) => same(corpus.get(document)?.title ?? "", part.subject));
    return {
      id,
      question: `${part.relation} of ${subject}`,
      dependsOn: earlier < 0 ? [] : [`q${earlier + 1}`],
      answer: part.object,
      support: stating.length > 0 ? stating : titled.length > 0 ? titled : gold,
      retry: subject,
    };
  });
}

/** What is known of a set beside its questions. */
export interface GoldTexts {
  readonly qrels: BeirDataset["qrels"];
  readonly corpus: ReadonlyMap<string, { readonly title: string; readonly text: string }>;
}

function asked(question: string): Pick<GoldStep, "question" | "dependsOn" | "retry"> {
  const text = question.replace(/#(\d)/g, "{q$1}").replace(/\s*>>\s*/, " ");
  const [subject] = question.replace(/#(\d)/g, "{q$1}").split(/\s*>>\s*/);
  const dependsOn = [...new Set([...text.matchAll(/\{(q\d)\}/g)].map(([, id]) => id!))];
  return {
    question: text,
    dependsOn,
    retry: text === subject ? `${text} ${dependsOn.map((id) => `{${id}}`).join(" ")}` : subject!,
  };
}

const same = (a: string, b: string): boolean => normaliseAnswer(a) === normaliseAnswer(b);
