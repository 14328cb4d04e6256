import type { Report } from "clew";

/** The last reports, for whoever asks for their proofs. */
export interface KeptReports {
  keep(run: string, report: Report): void;
  get(run: string): Report | undefined;
}

/** Keeps so many reports in memory; the oldest go first. */
export function keptReports({ most }: { most: number }): KeptReports {
  const reports = new Map<string, Report>();
  return {
    keep: (run, report) => {
      reports.set(run, report);
      for (const oldest of reports.keys()) {
        if (reports.size <= most) break;
        reports.delete(oldest);
      }
    },
    get: (run) => reports.get(run),
  };
}
