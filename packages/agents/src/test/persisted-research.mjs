// One researcher over the small corpus of persisted-run.mjs: tests run it in this process and, to kill it, in a child.
import { optionsOf } from "./persisted-run.mjs";

export const question = "Where does the story of the Labyrinth lead, and who founded Leiden University?";

const sections = [
  { heading: "The Labyrinth", question: "Who built the Labyrinth?", quote: "built by Daedalus" },
  { heading: "Theseus", question: "Where did Theseus kill the Minotaur?", quote: "killed the Minotaur" },
  { heading: "Leiden University", question: "When was Leiden University founded?", quote: "founded in 1575" },
];

/** What each role says; the writer of the second section errs and has to repair. */
export function said(system, user) {
  if (system.startsWith("You outline")) {
    return { title: "Labyrinths", sections: sections.map(({ heading, question }) => ({ heading, question })) };
  }
  const section = sections.find((one) => user.includes(one.question));
  if (system.startsWith("You plan")) {
    return { subQuestions: [{ id: "a", question: section.question, dependsOn: [] }] };
  }
  const shown = user.slice(user.indexOf("<<<evidence"));
  const id = /<<<evidence (E\d+)/.exec(shown.slice(shown.lastIndexOf("<<<", shown.indexOf(section.quote))))[1];
  if (system.startsWith("You check")) {
    return { grades: [{ id: "q1", answered: true, evidence: [id], answer: "found", missing: null, query: null }] };
  }
  const wrong = section === sections[1] && !system.startsWith("You correct");
  const told = {
    "The Labyrinth": "The Labyrinth was built by Daedalus",
    Theseus: wrong ? "Theseus sold the Minotaur in 1999" : "Theseus killed the Minotaur in the Labyrinth",
    "Leiden University": "Leiden University was founded in 1575",
  }[section.heading];
  return `${told} [${id}: "${section.quote}"].`;
}

/** Options of the researcher; `paid` hears of each model call and search. Two rounds: two sections, then one. */
export function researchOptionsOf(checkpointer, paid) {
  const { policy: _, ...options } = optionsOf(checkpointer, paid, said);
  return { ...options, parallel: 2 };
}
