import type { ChatBody } from "./openai-server.js";

/** The question of a run that is known by its number wherever it is seen. */
export const questionOf = (number: number): string =>
  `Run ${number}: who built the Labyrinth, and who killed the Minotaur?`;

/** The number of the run that a request is for. */
export const numberOf = ({ messages }: ChatBody): number =>
  Number(/Run (\d+)/.exec(messages.map(({ content }) => content).join("\n"))?.[1]);

/** Which role a request is for, by its system prompt. */
export function chatRoleOf({ messages }: ChatBody): "router" | "planner" | "grader" | "writer" {
  const system = messages[0]!.content;
  if (system.startsWith("You decide")) return "router";
  if (system.startsWith("You plan")) return "planner";
  return system.startsWith("You check") ? "grader" : "writer";
}

/** Plans two searches side by side, and writes what they find. */
export function wiseChat(body: ChatBody): object | string {
  const number = numberOf(body);
  const idOf = (text: string): string =>
    new RegExp(`<<<evidence (E\\d+)[^<]*${text}`).exec(body.messages[1]!.content)?.[1] ?? "E1";
  switch (chatRoleOf(body)) {
    case "router":
      return { kind: "retrieve", question: questionOf(number), text: null, why: "facts" };
    case "planner":
      return {
        subQuestions: [
          { id: "q1", question: `Run ${number}: who built the Labyrinth?`, dependsOn: [] },
          { id: "q2", question: `Run ${number}: who killed the Minotaur?`, dependsOn: [] },
        ],
      };
    case "grader":
      return {
        grades: ["q1", "q2"].map((id) => ({
          ...{ id, answered: true, evidence: ["E1"], answer: "found", missing: null, query: null },
        })),
      };
    case "writer":
      return `It was built by Daedalus. [${idOf("built by Daedalus")}: "It was built by Daedalus"]`;
  }
}
