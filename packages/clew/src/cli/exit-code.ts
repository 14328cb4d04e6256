import type { AnswerStatus } from "@clew/core";

/** Exit codes of the `clew` command. */
export const exitCode = { answered: 0, error: 1, usage: 2, abstained: 3, partial: 4, interrupted: 130 } as const;

/** The exit code that stands for the status of an answer. */
export const exitCodeOf = (status: AnswerStatus): number => exitCode[status];
