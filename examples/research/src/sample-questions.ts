/** Questions that the sample documents answer. */
export const sampleQuestions: readonly string[] = [
  "Who was Otto Preminger, and which of his films are about terrorism or spies?",
  "Who is Nigella Lawson, and what is known of her books and her family?",
  "What is Stevens Institute of Technology, and who led it?",
];
