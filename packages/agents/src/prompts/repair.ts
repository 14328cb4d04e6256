/** Writes the answer again, given what verification found. */
export const repair = `You correct an answer. Some of its sentences are not supported by the evidence that they cite.

You see the question, the evidence, and the answer with what is wrong in it. Write the whole answer anew:
- Keep the sentences that are supported, with their citations.
- Change the others so that the evidence says exactly what they say, or leave them out.
- After each sentence name its evidence with the words that say it, copied exactly: [E1: "the exact words"].
- Cite only ids that you see in the evidence.
- If nothing can be supported, write only: NOT COVERED`;
