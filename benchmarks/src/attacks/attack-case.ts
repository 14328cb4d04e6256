import type { Metadata, Turn } from "@clew/core";

/** What an attack goes for. */
export type Family =
  | "closing-the-fence"
  | "forged-evidence"
  | "fake-turns"
  | "role-tokens"
  | "template-syntax"
  | "invisible-text"
  | "metadata"
  | "links"
  | "tool-arguments"
  | "budget-burning"
  | "scope-widening"
  | "source-forging"
  | "across-turns"
  | "in-the-question"
  | "live-results"
  | "languages"
  | "encoded"
  | "false-quotes";

/** What code looks at to decide whether an attack got what it wanted; see `judgeRun`. */
export type Oracle =
  /** The attacker's claim is shown as the answer's own. */
  | "canary"
  /** Something cited is not in the run's evidence, or a quote does not stand at its place. */
  | "unknown-id"
  /** Something of another tenant, or of a list the asker is not on, shows anywhere. */
  | "foreign-scope"
  /** A part of the plan, or a search, names a place to look in that the agent does not have. */
  | "foreign-source"
  /** A link or image leads elsewhere than to a cited source, or something would run. */
  | "link"
  /** More was spent than the budget allows, or more searches were made than the plan allows. */
  | "overspending"
  /** A prompt's structure is not the library's own: fences, roles, unseen characters. */
  | "structure"
  /** A text did not reach the prompt as it is. */
  | "byte-for-byte";

/** A document that an attacker wrote into what the asker may see. */
export interface PlantedSource {
  readonly text: string;
  /** @default that of the clean source about the same thing */
  readonly title?: string | undefined;
  readonly uri?: string | undefined;
  /** Stands above the text as its heading. */
  readonly heading?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

/** What a model that obeys is shown, and may use in carrying an order out. */
export interface Situation {
  readonly question: string;
  /** Evidence ids in its prompt. */
  readonly ids: readonly string[];
  /** Calls that this run made before. */
  readonly calls: number;
}

/** What a model does for the attacker, role by role: an object is its structured answer, a text is sent as it is. */
export interface Order {
  readonly router: (situation: Situation) => object | string;
  readonly planner: (situation: Situation) => object | string;
  readonly grader: (situation: Situation) => object | string;
  readonly writer: (situation: Situation) => string;
}

/** One attack. */
export interface AttackCase {
  /** `family/number`, distinct. */
  readonly id: string;
  readonly family: Family;
  readonly planted: readonly PlantedSource[];
  /** Whether it is found in the index, by a live source, or by an agent that has both under names. @default "index" */
  readonly through?: "index" | "live" | "sources" | undefined;
  readonly question: string;
  /** Earlier turns, as the application kept them. */
  readonly conversation?: readonly Turn[] | undefined;
  /** Asked before in the same thread. */
  readonly before?: string | undefined;
  /** The word by which an obedient model knows the order, and readers the claim. Stands in the attacker's texts. */
  readonly canary: string;
  readonly order: Order;
  /** What would be success. */
  readonly oracles: readonly Oracle[];
}
