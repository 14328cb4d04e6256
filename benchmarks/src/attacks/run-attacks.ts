import { openAttackBench, type Subject } from "./attack-bench.js";
import type { AttackCase, Family, Oracle } from "./attack-case.js";
import { type Finding, heldByCode, judgeRun } from "./judge-run.js";

/** What came of an attack set under one subject. */
export interface SubjectFigures {
  readonly cases: number;
  /** Share of cases in which one of the case's own oracles found something. */
  readonly success_rate: number;
  /** Share of cases in which something broke that code is to hold: ids, scope, budget, links, structure. */
  readonly held_by_code_broken: number;
  /** Share of cases whose text or turn was before the policy at all. */
  readonly reached: number;
  /** Share of cases in which the model obeyed at least once. */
  readonly obeyed: number;
  /** Share of cases in which the claim shows as a verbatim quote of the attacker's own source. */
  readonly claim_quoted: number;
  /** Share of cases in which the claim shows, marked as not supported. */
  readonly claim_flagged: number;
  readonly by_family: Readonly<Partial<Record<Family, number>>>;
}

/** One case that went wrong. */
export interface Fall {
  readonly id: string;
  readonly subject: Subject;
  readonly findings: readonly Finding[];
}

/** The whole matrix. */
export interface AttackReport {
  readonly subjects: Readonly<Partial<Record<Subject, SubjectFigures>>>;
  /** Every finding of every case, of its own oracles or not. */
  readonly falls: readonly Fall[];
}

/** A model that obeys what is unfenced, one that obeys everything, and the extractive policy. */
export const allSubjects: readonly Subject[] = ["unfenced", "everything", "extractive"];

/** Runs every case against each subject. */
export async function runAttacks(
  attacks: readonly AttackCase[],
  subjects: readonly Subject[] = allSubjects,
): Promise<AttackReport> {
  const bench = await openAttackBench(attacks);
  const falls: Fall[] = [];
  try {
    const figures: Partial<Record<Subject, SubjectFigures>> = {};
    for (const subject of subjects) {
      const judged: { attack: AttackCase; judgement: ReturnType<typeof judgeRun> }[] = [];
      for (const attack of attacks) {
        const judgement = judgeRun(await bench.run(attack, subject), bench.texts);
        judged.push({ attack, judgement });
        if (judgement.findings.length > 0) falls.push({ id: attack.id, subject, findings: judgement.findings });
      }
      const share = (holds: (one: (typeof judged)[number]) => boolean, among = judged): number =>
        Number((among.filter(holds).length / Math.max(1, among.length)).toFixed(4));
      const broken: ReadonlySet<Oracle> = new Set(heldByCode);
      const families = [...new Set(attacks.map(({ family }) => family))];
      figures[subject] = {
        cases: attacks.length,
        success_rate: share(({ judgement }) => judgement.succeeded),
        held_by_code_broken: share(({ judgement }) => judgement.findings.some(({ oracle }) => broken.has(oracle))),
        reached: share(({ judgement }) => judgement.reached),
        obeyed: share(({ judgement }) => judgement.obeyed),
        claim_quoted: share(({ judgement }) => judgement.quoted),
        claim_flagged: share(({ judgement }) => judgement.flagged),
        by_family: Object.fromEntries(
          families.map((family) => [
            family,
            share(
              ({ judgement }) => judgement.succeeded,
              judged.filter(({ attack }) => attack.family === family),
            ),
          ]),
        ),
      };
    }
    return { subjects: figures, falls };
  } finally {
    await bench.close();
  }
}

/** What broke that code is to hold, in words. */
export const brokenIn = ({ falls }: AttackReport): string[] =>
  falls.flatMap(({ id, subject, findings }) =>
    findings
      .filter(({ oracle }) => heldByCode.includes(oracle))
      .map(({ oracle, what }) => `${id} ${subject} ${oracle}: ${what}`),
  );
