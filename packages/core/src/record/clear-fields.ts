/**
 * What may stand in the clear under a name: numbers and truth values, strings of one form, or what is inside by the same
 * rules. Of a name with the rule `text`, and of any string of another form, nothing does.
 */
export type ClearRule = "number" | "deep" | "text" | RegExp;

const word = /^[a-z][a-z0-9]*(?:-[a-z0-9]+){0,5}$/;
const oneOf = (...words: readonly string[]): RegExp => new RegExp(`^(?:${words.join("|")})$`);
const evidenceId = /^E[1-9]\d{0,14}$/;
const subQuestionId = /^q[1-9]\d{0,3}$/;
const hash = /^[0-9a-f]{32}(?:[0-9a-f]{32})?$/;
const verdict = oneOf("supported", "unsupported", "uncited", "conflicting", "missing", "undetermined");
const limit = oneOf("hops", "tokens", "usd", "ms", "calls");
/** Model ids as they are served: `gpt-4o`, `openai:org/model on base@revision`. */
const modelId = /^[\w.:/@+-]{1,120}(?: on [\w.:/@+-]{1,120})?$/;
const role = oneOf(
  ...["router", "planner", "grader", "writer", "repair", "judge", "extractor"],
  ...["reranker", "expander", "metadata_filter", "outliner"],
);

const named = (rule: ClearRule, ...names: readonly string[]): [string, ClearRule][] =>
  names.map((name) => [name, rule]);

/** By field name, in the records of this library. An object with a name that is not here is a text as a whole. */
export const clearFields: ReadonlyMap<string, ClearRule> = new Map<string, ClearRule>([
  ...named("number", "hop", "attempt", "score", "rank", "k", "draw", "span", "page", "line", "ordinal", "generation"),
  ...named("number", "inputTokens", "outputTokens", "calls", "usd", "ms", "tokens", "hops", "timeoutMs", "at", "took"),
  ...named("number", "estimated", "guessed", "limit", "limitSent", "overrun", "approved", "again", "recursionLimit"),
  ...named("number", "after", "lines", "bindsTools", "givenUp", "hopeless", "lookUp"),
  ...named("text", "hash", "settings", "capabilities", "problem"),
  ...named("deep", "subQuestions", "hits", "citations", "usage", "next", "also", "notes", "plan", "budget", "policy"),
  ...named("deep", "queries", "conversation", "scope", "sentences", "grades", "passages", "sources"),
  ...named("text", "question", "text", "why", "query", "title", "quote", "reasons", "missing", "answer", "uri", "path"),
  ...named("text", "message", "detail", "args", "refused", "failures", "trial", "features", "value", "filter", "form"),
  ...named("text", "source", "tenant", "principals", "reject", "about", "options", "error", "explain", "headings"),
  ...named("text", "name", "names", "models", "prices", "passage", "access", "metadata"),
  ["run", /^[\w-]{1,64}$/],
  ["library", /^[\w.+-]{1,64}$/],
  ["node", /^[a-zA-Z]{1,20}\/\d{1,4}\/\d{1,4}$/],
  ["approve", oneOf("plan", "write")],
  ["kind", oneOf("retrieve", "converse", "clarify", "decline", "answered", "missing", "plan", "write")],
  ["status", oneOf("answered", "partial", "abstained")],
  ["reason", oneOf("nothing-new", "repeated-query", "nothing-to-try", "budget", "step-limit", "rejected")],
  ["by", oneOf("person")],
  ["on", oneOf("plan", "write")],
  ["way", oneOf("candidate", "base")],
  ["method", oneOf("text", "jsonSchema", "tool", "jsonMode", "prompted")],
  ["code", word],
  ["version", /^[\w.+-]{1,64}$/],
  ["prompt", hash],
  ["verdict", verdict],
  ["limits", limit],
  ["cut", oneOf("length", "stop", "max_tokens", "content_filter")],
  ["role", role],
  ["served", modelId],
  ["evidence", evidenceId],
  ["fresh", evidenceId],
  ["subQuestion", subQuestionId],
  ["id", subQuestionId],
  ["section", /^s[1-9]\d{0,3}$/],
  ["root", hash],
  ["dependsOn", subQuestionId],
]);

/** Rules of the data of a whole line, by its kind; of a kind that is not here, nothing stands in the clear. */
export const clearKinds: ReadonlyMap<string, ClearRule> = new Map<string, ClearRule>([
  ...named("deep", "run", "route", "plan", "query", "hits", "search", "passages", "grade", "stop", "confidence"),
  ...named("deep", "share", "section", "report"),
  ...named("deep", "verdict", "answer", "decision", "field", "note", "model", "canary", "failure", "part"),
  ...named("deep", "served", "spent", "clock", "deadline", "leaf", "model-failed", "search-failed"),
  ["live", "text"],
  ["judge", verdict],
]);

/** Names of calls that hold no text, nor the hash of one: `run/node/branch/ordinal`, less the run. */
export const clearCall =
  /^\/(?:router|planner|grader|writer|repair|judge|extractor|retrieve|canary|outline)\/(?:|outliner|q[1-9]\d{0,3}|round%20\d{1,4}|fields%20\d{1,4}%2F\d{1,4})\/\d{1,6}$/;
