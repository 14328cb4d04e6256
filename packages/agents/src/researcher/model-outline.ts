import { type Hit, note, type PolicyCall, redact, type SourceDescription } from "@clew/core";
import { z } from "zod/v4";
import { askForJson } from "../llm/ask-for-json.js";
import { compose } from "../llm/compose.js";
import { outliner } from "../prompts/outliner.js";
import type { Outline } from "./report.js";

/** What a model's outline is made of. */
export interface ModelOutlineOptions {
  readonly question: string;
  /** What a first search for the question found, best hit first. */
  readonly hits: readonly Hit[];
  readonly sources: readonly SourceDescription[];
  /** Most sections (1 or more). */
  readonly max: number;
}

const maxTokens = 1024;
/** Passages whose beginnings a model is shown. */
const shownHits = 12;
const shownText = 240;
const longestQuestion = 500;
const longestHeading = 120;

/**
 * Asks a model, as the role `outliner`, what the report is to say; undefined where its answer cannot be used, after one repair, or the
 * budget leaves no room for it, with a note that says why.
 */
export async function modelOutline(
  call: PolicyCall,
  { question, hits, sources, max }: ModelOutlineOptions,
): Promise<Outline | undefined> {
  const served = await call.model("outliner");
  const found = hits.slice(0, shownHits).map(({ passage: { title, headings, text } }) => {
    const beginning = text.slice(0, shownText).replace(/\s+/g, " ").trim();
    return `${[title, ...headings].join(" > ")}: ${beginning}`;
  });
  const { user, rules, notes } = compose(
    call.runtime,
    ["Question", question, "question"],
    ["Sources", sources.map(({ name, about }) => `${name}: ${about}`).join("\n"), "own"],
    ["Most sections", String(max), "own"],
    ["What a first search found", found.join("\n"), "untrusted"],
  );
  for (const one of notes) await call.note?.(one);
  const answer = await askForJson(call, {
    role: "outliner",
    node: "outline",
    branch: "outliner",
    system: [outliner, rules].filter((text) => text !== "").join("\n\n"),
    prompt: outliner,
    user,
    passages: hits.slice(0, shownHits).map(({ passage }) => passage),
    schema: schemaFor(max),
    served,
    maxTokens,
  });
  if (answer.kind === "value") return outlineFrom(answer.value, question);
  if (answer.kind === "refused") {
    const limits = [...answer.limits];
    const message = `The limit of ${limits.join(", ")} leaves no room for the outliner: code outlines the report.`;
    await call.note?.(note("budget-reached", message, { limits }));
  } else {
    const message = `The outliner's answer could not be used: code outlines the report. ${redact(answer.reason)}`;
    await call.note?.(note("fell-back", message, { role: "outliner" }));
  }
  return undefined;
}

const schemaFor = (max: number) =>
  z.object({
    title: z.string(),
    sections: z
      .array(z.object({ heading: z.string().trim().min(1), question: z.string().trim().min(1).max(longestQuestion) }))
      .min(1)
      .max(max)
      .refine((sections) => new Set(sections.map(({ question }) => question.toLowerCase())).size === sections.length, {
        message: "two sections ask the same question",
      }),
  });

/** A model's outline with ids of its own: `s1`, `s2`, … */
function outlineFrom({ title, sections }: z.infer<ReturnType<typeof schemaFor>>, question: string): Outline {
  return {
    title: short(title) || short(question),
    sections: sections.map(({ heading, question: asked }, index) => ({
      id: `s${index + 1}`,
      heading: short(heading),
      question: asked,
    })),
  };
}

const short = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, longestHeading);
