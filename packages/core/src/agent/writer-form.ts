import type { DraftCitation } from "../evidence/citation.js";
import type { Evidence, EvidenceId } from "../evidence/evidence.js";
import type { Note } from "../run/note.js";
import type { Runtime } from "../run/runtime.js";

/** A sentence of a draft with the citations that the writer gave it. */
export interface ParsedSentence {
  readonly text: string;
  readonly citations: readonly DraftCitation[];
  /** Evidence that bare numbers in it ("[1]") may mean. */
  readonly hints?: readonly string[] | undefined;
  /** True for the last sentence of a draft that was cut, unless it had clearly ended before. */
  readonly unfinished?: true | undefined;
}

/** Takes a draft in piece by piece and gives back each sentence when it is complete. */
export interface DraftParser {
  push(piece: string): ParsedSentence[];
  /**
   * What is left when the draft is over.
   *
   * @param cut - whether it broke off before its end. @default false
   */
  end(cut?: boolean): ParsedSentence[];
}

/** What a writer is asked, beside the evidence. */
export interface WriterRequest {
  readonly role: "writer" | "repair";
  readonly question: string;
  /** The agent's own rules for this role; a model that was trained on another prompt does without. */
  readonly rules: string;
  /** Style, language or persona that the user wishes; "" for none. */
  readonly instructions: string;
  /** Labelled parts of the message, the question among them: conversation, plan, for `repair` the draft and its faults. */
  readonly parts: readonly (readonly [label: string, text: string])[];
  /** Most characters of evidence, in UTF-16 code units. @default no limit */
  readonly maxChars?: number | undefined;
  /** Draws markers. */
  readonly runtime: Pick<Runtime, "random">;
}

/** The two messages that a writer gets. Content, never templates. */
export interface WriterPrompt {
  readonly system: string;
  readonly user: string;
  /** Evidence that is in it; what else the writer cites it cannot have read. */
  readonly shown: readonly EvidenceId[];
  readonly notes: readonly Note[];
}

/** The prompt that a model was trained on, and the shape of what it writes. */
export interface WriterForm {
  /** Name for the trace. */
  readonly id: string;
  /** Whether it can be asked to repair a draft; false for models that know one prompt only. */
  readonly repairs: boolean;
  /** Renders the prompt; passages enter it through `renderEvidence`, whatever its form. */
  render(evidence: readonly Evidence[], request: WriterRequest): WriterPrompt;
  /** Reads all of what was written. Absent: as drafts are read otherwise, markers and tags of every dialect. */
  parse?(text: string): readonly ParsedSentence[];
  /** Reads it as it comes. @default the text is collected, and `parse` reads it at the end */
  parser?(): DraftParser;
}

/** How a form's drafts are read; undefined where it leaves that to the agent. */
export function formParser({ parse, parser }: WriterForm): DraftParser | undefined {
  if (parser !== undefined) return parser();
  if (parse === undefined) return undefined;
  const pieces: string[] = [];
  return {
    push: (piece) => {
      pieces.push(piece);
      return [];
    },
    end: (cut = false) => {
      const found = parse(pieces.splice(0).join(""));
      return found.map((sentence, index) =>
        cut && index === found.length - 1 ? { ...sentence, unfinished: true } : sentence,
      );
    },
  };
}
