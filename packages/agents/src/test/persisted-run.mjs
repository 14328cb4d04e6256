// One agent over a small corpus, in plain JavaScript: tests run it in this process and, to kill it, in a child.
import { defineRetriever, noUsage, passageId, scope } from "@clew/core";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";

export const question =
  "Who built the place where Theseus killed the Minotaur, and when was Leiden University founded?";

const texts = {
  theseus: "Theseus was a hero of Athens. He killed the Minotaur in the Labyrinth.",
  labyrinth: "The Labyrinth was a maze at Knossos. It was built by Daedalus for King Minos.",
  leiden: "Leiden University was founded in 1575 by William of Orange.",
};

/** What each role says; the grader is not content before the second round, the writer errs and has to repair. */
function said(system, user) {
  if (system.startsWith("You decide")) return { kind: "retrieve", question, text: null, why: "facts" };
  if (system.startsWith("You plan")) {
    return {
      subQuestions: [
        { id: "a", question: "Where did Theseus kill the Minotaur?", dependsOn: [] },
        { id: "b", question: "Who built {a}?", dependsOn: ["a"] },
        { id: "c", question: "When was Leiden University founded?", dependsOn: [] },
      ],
    };
  }
  const id = (text) => {
    const shown = user.slice(user.indexOf("<<<evidence"));
    return /<<<evidence (E\d+)/.exec(shown.slice(shown.lastIndexOf("<<<", shown.indexOf(text))))?.[1];
  };
  if (system.startsWith("You check")) {
    const found = (name, text, answer) => ({
      id: name,
      answered: user.includes(text),
      evidence: user.includes(text) ? [id(text)] : [],
      answer: user.includes(text) ? answer : null,
      missing: user.includes(text) ? null : answer,
      query: null,
    });
    return {
      grades: [
        found("q1", "killed the Minotaur", "the Labyrinth"),
        found("q2", "built by Daedalus", "Daedalus"),
        found("q3", "founded in 1575", "1575"),
      ],
    };
  }
  const wrong = system.startsWith("You correct") ? "" : " It was sold to Zeus in 1999. [E1]";
  return `The Labyrinth was built by Daedalus [${id("built by Daedalus")}].${wrong} Leiden University was founded in 1575 [${id("founded in 1575")}].`;
}

class LoggedModel extends BaseChatModel {
  model = "logged";

  constructor(paid, say) {
    super({});
    this.paid = paid;
    this.say = say;
  }

  _llmType() {
    return "logged";
  }

  async *_streamResponseChunks([system, user]) {
    await this.paid("model");
    const answer = this.say(system.text, user.text);
    const text = typeof answer === "string" ? answer : JSON.stringify(answer);
    yield new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text }) });
    const usage_metadata = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };
    yield new ChatGenerationChunk({ text: "", message: new AIMessageChunk({ content: "", usage_metadata }) });
  }
}

/** A retriever whose every search is paid for. */
function paidRetriever(paid) {
  return defineRetriever(
    "paid",
    async (query, { k }) => {
      await paid("search");
      const words = new Set(query.toLowerCase().match(/[a-z]{4,}/g));
      const hits = Object.entries(texts).flatMap(([id, text]) => {
        const score = (text.toLowerCase().match(/[a-z]{4,}/g) ?? []).filter((word) => words.has(word)).length;
        const passage = {
          id: passageId(id),
          source: `${id}.md`,
          ordinal: 0,
          span: [0, text.length],
          text,
          title: id,
          headings: [],
          line: 1,
          metadata: {},
        };
        return score === 0 ? [] : [{ passage, score, explain: { kind: "other", name: "words", detail: {} } }];
      });
      const best = hits.sort((a, b) => b.score - a.score || (a.passage.id < b.passage.id ? -1 : 1)).slice(0, k);
      return { hits: best, notes: [], usage: { ...noUsage, inputTokens: 7, calls: 1 }, generation: 1 };
    },
    { scope: scope("acme") },
  );
}

/** Options of the agent; `paid` hears of each model call and search, `say` is what the model says to a system and a user text. */
export const optionsOf = (checkpointer, paid, say = said) => ({
  retriever: paidRetriever(paid),
  models: new LoggedModel(paid, say),
  policy: undefined,
  checkpointer,
  runtime: { now: () => Date.now(), id: () => "run-1", random: () => 0.5 },
});

/**
 * A saver that dies after so many writes: `die` is called when the last is done, and may never return.
 * `wrote` hears of each write; `journal` says whether it kept the output of a paid call.
 */
export function mortal(saver, { after, die, wrote }) {
  let writes = 0;
  const counted = async (name, args) => {
    if (writes >= after) return die();
    const result = await saver[name](...args);
    writes += 1;
    wrote?.({ journal: name === "putWrites" && args[1][0]?.[0] === "clew-output" });
    if (writes >= after) await die();
    return result;
  };
  return new Proxy(saver, {
    get: (target, name) => {
      if (name === "put" || name === "putWrites") return (...args) => counted(name, args);
      const value = target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
