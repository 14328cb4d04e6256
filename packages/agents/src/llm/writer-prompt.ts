import {
  neutralise,
  type PolicyState,
  type Runtime,
  renderEvidence,
  type WriterForm,
  type WriterPrompt,
} from "@clew/core";
import { compose, fencedParts, type PromptPart } from "./compose.js";

/** What a writer is given beside the evidence. */
export interface WriterParts {
  readonly role: "writer" | "repair";
  /** The role's prompt alone, as it is versioned. */
  readonly prompt: string;
  /** Style, language, persona or form of the answer; "" for none. */
  readonly instructions: string;
  /** Labelled parts of the message that stand before the evidence. */
  readonly parts: readonly PromptPart[];
}

/** A writer's two messages, and the text whose hash says in the record which prompt it was. */
export interface VersionedPrompt extends WriterPrompt {
  readonly prompt: string;
}

/** Options of {@link writerPrompt}. */
export interface WriterPromptOptions {
  /** The form that the model was trained on. @default the agent's own */
  readonly form: WriterForm | undefined;
  /** Most characters of evidence, in UTF-16 code units. */
  readonly maxChars: number;
  readonly runtime: Pick<Runtime, "random">;
}

/** Renders a writer's prompt, in the agent's own form or in the one that the model was trained on. */
export function writerPrompt(
  { question, evidence }: PolicyState,
  { role, prompt, instructions, parts }: WriterParts,
  { form, maxChars, runtime }: WriterPromptOptions,
): VersionedPrompt {
  if (form === undefined) {
    const { text, instructions: fence, shown, notes } = renderEvidence(evidence, { runtime, maxChars });
    const { user, rules, notes: changes } = compose(runtime, ...parts, ["Evidence", text, "own"]);
    const style = instructions === "" ? "" : `Form of the answer (the rules above stand):\n${instructions}`;
    const system = [prompt, style, rules, fence].filter((rule) => rule !== "").join("\n\n");
    return { system, user, shown, notes: [...changes, ...notes], prompt };
  }
  const { parts: fenced, rules, notes: changes } = fencedParts(runtime, parts);
  const rendered = form.render(evidence, {
    role,
    question: neutralise(question).text,
    rules: [prompt, rules].filter((rule) => rule !== "").join("\n\n"),
    instructions,
    parts: fenced,
    maxChars,
    runtime,
  });
  return { ...rendered, notes: [...changes, ...rendered.notes], prompt: form.repairs ? prompt : rendered.system };
}
