import { z } from "zod/v4";

// strict: a key that is not listed (scope, tenant, filter, …) is refused, so that no caller believes it did something

/** What a client may fill in for `search`. */
export const searchInput = z.strictObject({
  query: z.string().min(1).max(10_000).describe("What to look for, in words that a text about it would hold."),
  k: z.int().min(1).max(50).optional().describe("Passages at most."),
});

/** What a client may fill in for `ask`. */
export const askInput = z.strictObject({
  question: z.string().min(1).max(100_000).describe("One whole question, understandable without the conversation."),
});

/** What a client may fill in for `fetch_passage`. */
export const fetchInput = z.strictObject({
  id: z.string().min(1).max(512).describe("Id of a passage, as search and ask give it."),
  around: z
    .enum(["neighbours", "section", "page"])
    .optional()
    .describe("Also what stands around it: the passages before and after it, its section or its page."),
});

const noted = z.object({ code: z.string(), message: z.string() });

const passage = z.object({
  id: z.string(),
  source: z.string(),
  title: z.string(),
  uri: z.string().optional(),
  page: z.number().optional().describe("From 1."),
  line: z.number().describe("Of the source's canonical text, from 1."),
  span: z.array(z.number()).length(2).describe("In the source's canonical text, in UTF-16 code units."),
  text: z.string(),
});

/** What `search` gives beside its text. */
export const searchOutput = z.object({
  hits: z.array(passage.extend({ score: z.number() })),
  notes: z.array(noted),
});

/** What `fetch_passage` gives beside its text. */
export const fetchOutput = z.object({ passages: z.array(passage) });

/** What `ask` gives beside its text. */
export const askOutput = z.object({
  status: z.enum(["answered", "partial", "abstained"]),
  confidence: z.number().optional(),
  text: z.string(),
  sentences: z.array(
    z.object({
      text: z.string(),
      verdict: z.enum(["supported", "unsupported", "uncited", "conflicting"]),
      citations: z.array(z.number()).describe("Positions in citations, from 0."),
    }),
  ),
  citations: z.array(passage.omit({ id: true, text: true }).extend({ quote: z.string(), passage: z.string() })),
  notes: z.array(noted),
});
