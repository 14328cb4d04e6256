import type { Answer } from "@clew/core";
import { type ScriptedAnswer, type ScriptedRequest, scriptedModel } from "@clew/core/testing";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, myths } from "./myths.js";

/** Which role a request is for, by its system prompt. */
export function roleOf({ messages }: ScriptedRequest): string {
  const system = messages[0]!.text;
  if (system.startsWith("You decide")) return "router";
  if (system.startsWith("You plan")) return "planner";
  if (system.startsWith("You check")) return "grader";
  return system.startsWith("You correct") ? "repair" : "writer";
}

/** What a role says, in place of what a wise model does. */
export type Roles = Partial<Record<string, ScriptedAnswer | ((request: ScriptedRequest) => ScriptedAnswer)>>;

/** The evidence id under which a prompt shows the passage that holds a text. */
export function idOf({ messages }: ScriptedRequest, text: string): string {
  const { text: whole } = messages[1]!;
  const shown = whole.slice(whole.indexOf("<<<evidence"));
  return /<<<evidence (E\d+)/.exec(shown.slice(shown.lastIndexOf("<<<", shown.indexOf(text))))![1]!;
}

/** What a model says that decides, looks up and writes as it should. */
export const wise: Roles = {
  router: { json: { kind: "retrieve", question: chainQuestion, text: null, why: "facts" } },
  planner: {
    json: {
      subQuestions: [
        { id: "a", question: "Where did Theseus kill the Minotaur?", dependsOn: [] },
        { id: "b", question: "Who built {a}?", dependsOn: ["a"] },
      ],
    },
  },
  grader: (request) => {
    const second = request.messages[1]!.text.includes("round 2");
    return {
      json: {
        grades: [
          {
            id: "q1",
            answered: true,
            evidence: [idOf(request, "killed the Minotaur")],
            answer: "the Labyrinth",
            missing: null,
            query: null,
          },
          second
            ? {
                id: "q2",
                answered: true,
                evidence: [idOf(request, "built by Daedalus")],
                answer: "Daedalus",
                missing: null,
                query: null,
              }
            : { id: "q2", answered: false, evidence: [], answer: null, missing: "the builder", query: null },
        ],
      },
    };
  },
  writer: (request) =>
    `The Labyrinth was built by Daedalus [${idOf(request, "built by Daedalus")}: "It was built by Daedalus for King Minos"]. ` +
    `Theseus killed the Minotaur there. [${idOf(request, "killed the Minotaur")}: "He killed the Minotaur in the Labyrinth."]`,
};

/** A wise model, some of whose roles say something else. */
export const modelOf = (roles: Roles) =>
  scriptedModel({
    answers: (request) => {
      const answer = roles[roleOf(request)] ?? wise[roleOf(request)]!;
      return typeof answer === "function" ? answer(request) : answer;
    },
  });

/** Asks the question of three steps of it. */
export const ask = (roles: Roles, options = {}): Promise<Answer> =>
  createRetrievalAgent({ retriever: myths(), models: modelOf(roles) }).ask(chainQuestion, options);

/** Codes of an answer's notes. */
export const codes = ({ notes }: Answer): string[] => notes.map(({ code }) => code);
