/** Under what the trace of a part is kept: a run that did not end may be resumed, and then has one of its own. */
export const partRun = (run: string, part: number): string => `${run}#${part}`;
