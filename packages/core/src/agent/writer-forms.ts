import { checkKeys } from "../errors/check-keys.js";
import { positiveInteger } from "../errors/check-number.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { Evidence } from "../evidence/evidence.js";
import { type EvidenceLine, renderEvidence } from "../evidence/render-evidence.js";
import { note } from "../run/note.js";
import { sentences } from "../text/sentences.js";
import { type QuoteTagOptions, quoteTagParser } from "./quote-tag-parser.js";
import type { DraftParser, ParsedSentence, WriterForm, WriterPrompt, WriterRequest } from "./writer-form.js";

/** The prompt that a model was trained on. */
export interface TrainedPrompt {
  /** Its system message; what the user wishes of style or language is put behind it. */
  system?: string | undefined;
  /** How it saw a passage, in one line. @default `[E1] TITLE: TEXT` */
  line?: ((line: EvidenceLine) => string) | undefined;
  /** How it saw the question and the lines. @default the lines, an empty line, `Question: QUESTION` */
  user?: ((parts: { readonly evidence: string; readonly question: string }) => string) | undefined;
  /** Most passages that it was trained to read; the others are left out, with a note. @default no limit */
  maxEvidence?: number | undefined;
}

const promptKeys = ["system", "line", "user", "maxEvidence"];
const lineOf = ({ id, title, text }: EvidenceLine): string => `[${id}] ${title === "" ? "" : `${title}: `}${text}`;
const userOf = ({ evidence, question }: { evidence: string; question: string }): string =>
  `${evidence}\n\nQuestion: ${question}`;

/** The library's own: its rules, fenced passages, labelled parts, citations as `[E1: "words"]`. For general models. */
export function houseForm(): WriterForm {
  return {
    id: "house",
    repairs: true,
    render: (evidence, { rules, instructions, parts, maxChars, runtime }) => {
      const { text, instructions: fence, shown, notes } = renderEvidence(evidence, { runtime, maxChars });
      const style = instructions === "" ? [] : [`Form of the answer (the rules above stand):\n${instructions}`];
      const user = [...parts, ["Evidence", text] as const]
        .filter(([, part]) => part !== "")
        .map(([label, part]) => `${label}:\n${part}`)
        .join("\n\n");
      return { system: [rules, ...style, fence].join("\n\n"), user, shown, notes };
    },
  };
}

/**
 * For a model that was trained to name its evidence within the text: `Leiden was founded in 1575 [E2].`
 *
 * @throws ClewError `invalid-option`
 */
export function markerForm(prompt: TrainedPrompt = {}): WriterForm {
  checkKeys("markerForm", prompt, promptKeys);
  const system = prompt.system ?? "Answer from the evidence. Name the evidence after each sentence, as [E1].";
  return { id: "markers", repairs: false, render: rendering({ ...prompt, system }) };
}

/**
 * For a model that was trained to quote in tags: `<quote id="E1">sentence</quote>`.
 *
 * @throws ClewError `invalid-option`
 */
export function quoteTagForm(options: TrainedPrompt & QuoteTagOptions = {}): WriterForm {
  checkKeys("quoteTagForm", options, [...promptKeys, "tag", "attribute"]);
  const { tag = "quote", attribute = "id", ...prompt } = options;
  const system =
    prompt.system ??
    `Answer only with one sentence copied from the evidence, as <${tag} ${attribute}="E1">sentence</${tag}>.`;
  const parser = (): DraftParser => quoteTagParser({ tag, attribute });
  parser();
  return { id: "quote-tags", repairs: false, render: rendering({ ...prompt, system }), parser, parse: whole(parser) };
}

/**
 * For a model that writes plain prose: its sentences cite nothing by themselves, and the evidence of each is found by code.
 *
 * @throws ClewError `invalid-option`
 */
export function proseForm(prompt: TrainedPrompt = {}): WriterForm {
  checkKeys("proseForm", prompt, promptKeys);
  const system = prompt.system ?? "Answer the question from the evidence, in short sentences.";
  const parser = (): DraftParser => proseParser();
  return { id: "prose", repairs: false, render: rendering({ ...prompt, system }), parser, parse: whole(parser) };
}

const whole =
  (parser: () => DraftParser) =>
  (text: string): ParsedSentence[] => {
    const own = parser();
    return [...own.push(text), ...own.end()];
  };

function rendering({ system = "", line = lineOf, user = userOf, maxEvidence }: TrainedPrompt) {
  if (maxEvidence !== undefined) positiveInteger("maxEvidence", maxEvidence);
  for (const [name, value] of Object.entries({ line, user })) {
    if (typeof value !== "function") throw invalidOption(name, "a function");
  }
  return (evidence: readonly Evidence[], request: WriterRequest): WriterPrompt => {
    const { question, instructions, maxChars, runtime } = request;
    const taken = evidence.slice(0, maxEvidence);
    const { text, shown, notes } = renderEvidence(taken, { runtime, maxChars, line });
    const left = evidence.slice(taken.length).map(({ id }) => id);
    const more =
      left.length === 0
        ? []
        : [
            note("cut", `Left out, as the writer reads ${maxEvidence} at most: ${left.join(", ")}.`, {
              evidence: left,
            }),
          ];
    return {
      system: [system, instructions].filter((part) => part !== "").join("\n\n"),
      user: user({ evidence: text, question: question.replace(/\s+/g, " ").trim() }),
      shown,
      notes: [...notes, ...more],
    };
  };
}

const ender = /[.!?…‼⁇⁈⁉。！？｡．\n]/;
const ending = /[.!?…‼⁇⁈⁉。！？｡．]["”’'»)]*\s*$/;

function proseParser(): DraftParser {
  let buffer = "";
  const take = (over: boolean, cut = false): ParsedSentence[] => {
    const spans = sentences(buffer);
    const count = over ? spans.length : spans.length - 1;
    const found: ParsedSentence[] = [];
    for (const [index, [start, end]] of spans.slice(0, Math.max(0, count)).entries()) {
      const text = buffer.slice(start, end).replace(/\s+/g, " ").trim();
      const broken = cut && index === spans.length - 1 && !ending.test(text);
      if (/[\p{L}\p{N}]/u.test(text))
        found.push({ text, citations: [], ...(broken ? { unfinished: true as const } : {}) });
    }
    buffer = over ? "" : buffer.slice(count > 0 ? spans[count]![0] : 0);
    return found;
  };
  return {
    push: (piece) => {
      buffer += piece;
      return ender.test(buffer) ? take(false) : [];
    },
    end: (cut = false) => take(true, cut),
  };
}
