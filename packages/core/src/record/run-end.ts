/** How a run ended, or why it stopped where it may go on. */
export type RunEnd = "finished" | "waiting" | "aborted" | "failed";
