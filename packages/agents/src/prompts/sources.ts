/** Added to the planner's prompt where there are several sources. */
export const plannerSources = `There are several sources; each is listed with what is in it. Give each sub-question a "source": the name of the one that is likely to hold its answer; null when you cannot tell, and all are asked.`;

/** Added to the grader's prompt where there are several sources. */
export const graderSources = `There are several sources; each is listed with what is in it. Give each entry a "source": the name of the one in which "query" is to be made, which may be another than before; null for the same as before.`;
