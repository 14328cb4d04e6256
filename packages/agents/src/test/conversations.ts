import type { Turn } from "@clew/core";

/** A conversation, its last question, and what the question that is looked up must and must not hold. */
export interface Conversation {
  readonly turns: readonly (readonly [question: string, answer: string])[];
  readonly question: string;
  readonly holds?: readonly string[] | undefined;
  readonly lacks?: readonly string[] | undefined;
  /** Nothing is carried: the question is looked up as it stands. */
  readonly asIs?: true | undefined;
}

/** The turns as a policy sees them. */
export const turnsOf = ({ turns }: Conversation): Turn[] => turns.map(([question, answer]) => ({ question, answer }));

const leiden = ["When was Leiden University founded?", "Leiden University was founded in 1575."] as const;
const hamlet = ["Who wrote Hamlet?", "Hamlet was written by William Shakespeare."] as const;
const ada = ["Who was Ada Lovelace?", "Ada Lovelace was an English mathematician."] as const;
const apple = ["What was the revenue of Apple in 2022?", "Apple reported revenue of $394 billion in 2022."] as const;
const maze = ["Who built the Labyrinth?", "The Labyrinth was built by Daedalus for King Minos."] as const;

/** Conversations that the rules were made with. */
export const seen: readonly Conversation[] = [
  {
    turns: [leiden],
    question: "What about Utrecht University?",
    holds: ["Utrecht University", "founded"],
    lacks: ["Leiden"],
  },
  { turns: [ada], question: "And when was she born?", holds: ["Ada Lovelace", "born"] },
  { turns: [hamlet], question: "When was he born?", holds: ["William Shakespeare"], lacks: ["Hamlet", "(he"] },
  { turns: [hamlet], question: "When was it published?", holds: ["Hamlet"], lacks: ["Shakespeare"] },
  { turns: [apple], question: "And in 2021?", holds: ["Apple", "revenue", "2021"], lacks: ["2022"] },
  { turns: [apple], question: "and its competitor?", holds: ["Apple", "competitor"] },
  {
    turns: [["Which company makes the iPhone?", "Apple makes the iPhone."]],
    question: "When was it founded?",
    holds: ["Apple"],
  },
  { turns: [maze], question: "Who was his son?", holds: ["Daedalus"], lacks: ["Labyrinth"] },
  { turns: [maze], question: "Where was it?", holds: ["Labyrinth"], lacks: ["Daedalus"] },
  {
    turns: [maze, ["Who was his son?", "Daedalus was the father of Icarus."]],
    question: "How did he die?",
    holds: ["Icarus"],
  },
  {
    turns: [ada, ["When was she born?", "On 10 December 1815."]],
    question: "Who was her mother?",
    holds: ["Ada Lovelace"],
  },
  { turns: [ada, ["Thanks!", "You are welcome."]], question: "When did she die?", holds: ["Ada Lovelace"] },
  {
    turns: [["How many moons does Jupiter have?", "Jupiter has 95 known moons."]],
    question: "How many of them are larger than Mercury?",
    holds: ["Jupiter", "moons"],
  },
  {
    turns: [["Where is the Eiffel Tower?", "The Eiffel Tower stands in Paris."]],
    question: "How tall is it?",
    holds: ["Eiffel Tower"],
  },
  {
    turns: [["Did Leiden University move to Utrecht?", "No."]],
    question: "Why?",
    holds: ["Leiden University", "Utrecht", "why"],
  },
  {
    turns: [["What is the area of France?", "France covers 551,695 square kilometres."]],
    question: "And the population?",
    holds: ["population", "France"],
  },
  { turns: [leiden], question: "How many students does the university have?", holds: ["Leiden University"] },
  {
    turns: [["Which is longer, the Nile or the Amazon?", "The Nile is longer."]],
    question: "Which one is deeper?",
    holds: ["Nile", "Amazon"],
  },
  // another topic, or a question that stands on its own
  { turns: [leiden], question: "Why do cats purr when they sleep?", asIs: true },
  { turns: [ada], question: "How long does it take to boil an egg?", asIs: true },
  { turns: [apple], question: "Who won the World Cup in 2010?", asIs: true },
  { turns: [hamlet], question: "Which company changed its name to Meta in 2021?", asIs: true },
  { turns: [leiden], question: "What is the name of the city that hosted the Olympics in 1928?", asIs: true },
  { turns: [maze], question: "When was penicillin discovered?", asIs: true },
  { turns: [], question: "When was Leiden University founded?", asIs: true },
];

/** Conversations that were written before the rules, and not looked at while these were made. */
export const heldOut: readonly Conversation[] = [
  {
    turns: [["Who painted the Mona Lisa?", "The Mona Lisa was painted by Leonardo da Vinci."]],
    question: "Where did he live?",
    holds: ["Leonardo da Vinci"],
    lacks: ["Mona Lisa"],
  },
  {
    turns: [["Who painted the Mona Lisa?", "The Mona Lisa was painted by Leonardo da Vinci."]],
    question: "Where does it hang?",
    holds: ["Mona Lisa"],
    lacks: ["Leonardo"],
  },
  {
    turns: [["What is the capital of Peru?", "The capital of Peru is Lima."]],
    question: "How many people live there?",
    holds: ["Lima"],
  },
  {
    turns: [["What is the capital of Peru?", "The capital of Peru is Lima."]],
    question: "And of Bolivia?",
    holds: ["capital", "Bolivia"],
    lacks: ["Peru"],
  },
  {
    turns: [["When was Marie Curie born?", "She was born in 1867."]],
    question: "And her husband?",
    holds: ["Marie Curie", "husband"],
  },
  {
    turns: [["When was Marie Curie born?", "She was born in 1867."]],
    question: "where did she study",
    holds: ["Marie Curie"],
  },
  {
    turns: [["Who founded Microsoft?", "Microsoft was founded by Bill Gates and Paul Allen."]],
    question: "Where did they meet?",
    holds: ["Bill Gates", "Paul Allen"],
  },
  {
    turns: [["Who founded Microsoft?", "Microsoft was founded by Bill Gates and Paul Allen."]],
    question: "What about IBM?",
    holds: ["IBM", "founded"],
    lacks: ["Microsoft"],
  },
  {
    turns: [["What did Tesla earn in the first quarter?", "Tesla earned $2.5 billion."]],
    question: "How about the second quarter?",
    holds: ["Tesla", "second quarter"],
  },
  {
    turns: [["What did Tesla earn in 2022?", "Tesla earned $12.6 billion in 2022."]],
    question: "What about 2023?",
    holds: ["Tesla", "2023", "earn"],
    lacks: ["2022"],
  },
  {
    turns: [
      ["Who directed Jaws?", "Jaws was directed by Steven Spielberg."],
      ["When was he born?", "In 1946."],
    ],
    question: "Which film made him famous?",
    holds: ["Steven Spielberg"],
  },
  {
    turns: [
      ["Who directed Jaws?", "Jaws was directed by Steven Spielberg."],
      ["When was he born?", "In 1946."],
    ],
    question: "And where?",
    holds: ["Steven Spielberg", "born"],
  },
  {
    turns: [["Is the Danube longer than the Rhine?", "Yes, the Danube is longer."]],
    question: "How long are they?",
    holds: ["Danube", "Rhine"],
  },
  {
    turns: [["Which university did Niels Bohr attend?", "Niels Bohr attended the University of Copenhagen."]],
    question: "When was it founded?",
    holds: ["University of Copenhagen"],
  },
  {
    turns: [["Tell me about the Suez Canal.", "The Suez Canal connects two seas."]],
    question: "When did the canal open?",
    holds: ["Suez Canal"],
  },
  {
    turns: [["Who is the author of Emma?", "Jane Austen wrote Emma."]],
    question: "What else did she write?",
    holds: ["Jane Austen"],
  },
  {
    turns: [
      ["Who is the author of Emma?", "Jane Austen wrote Emma."],
      ["What else did she write?", "She wrote Persuasion."],
      ["Thank you", "You are welcome."],
    ],
    question: "When did she die?",
    holds: ["Jane Austen"],
  },
  {
    turns: [["In which year did Nelson Mandela become president?", "In 1994."]],
    question: "What happened after that?",
    holds: ["Nelson Mandela"],
  },
  {
    turns: [["What is the population of Ghent?", "Ghent has 262,219 inhabitants."]],
    question: "Is that more than Bruges?",
    holds: ["Ghent", "Bruges"],
  },
  // another topic, or a question that stands on its own
  { turns: [["Who painted the Mona Lisa?", "Leonardo da Vinci."]], question: "What time is it in Tokyo?", asIs: true },
  {
    turns: [["Who founded Microsoft?", "Bill Gates and Paul Allen."]],
    question: "Did Einstein win a Nobel Prize for his theory of relativity?",
    asIs: true,
  },
  { turns: [["When was Marie Curie born?", "In 1867."]], question: "What is the speed of light?", asIs: true },
  {
    turns: [["What did Tesla earn in 2022?", "$12.6 billion."]],
    question: "How many planets are there in the solar system?",
    asIs: true,
  },
  {
    turns: [["Who directed Jaws?", "Steven Spielberg."]],
    question: "Who is the actor that played James Bond in Goldfinger?",
    asIs: true,
  },
  {
    turns: [["Is the Danube longer than the Rhine?", "Yes."]],
    question: "Why did people leave Ireland when they had no food?",
    asIs: true,
  },
  { turns: [["What is the capital of Peru?", "Lima."]], question: "Is it true that honey never spoils?", asIs: true },
  {
    turns: [["Who is the author of Emma?", "Jane Austen."]],
    question: "And who wrote War and Peace?",
    holds: ["War and Peace"],
    lacks: ["Austen", "Emma"],
  },
];

/** Conversations that the rules failed when they met them, and were mended with. */
export const mended: readonly Conversation[] = [
  {
    turns: [["Who is the CEO of Microsoft?", "Satya Nadella is the CEO of Microsoft."]],
    question: "How long has he been in that position?",
    holds: ["Satya Nadella"],
    lacks: ["Microsoft"],
  },
  {
    turns: [["Who is the CEO of Microsoft?", "Satya Nadella is the CEO of Microsoft."]],
    question: "And Google?",
    holds: ["CEO of Google"],
  },
  {
    turns: [["Who is the CEO of Microsoft?", "Satya Nadella is the CEO of Microsoft."]],
    question: "Who founded the company?",
    holds: ["Microsoft"],
  },
  {
    turns: [["What is our refund policy?", "Refunds are possible within 30 days."]],
    question: "Does it apply to gift cards?",
    holds: ["refund policy"],
  },
  {
    turns: [["Which actors starred in Heat?", "Al Pacino and Robert De Niro starred in Heat."]],
    question: "Who directed it?",
    holds: ["Heat"],
    lacks: ["Pacino"],
  },
  {
    turns: [["Which actors starred in Heat?", "Al Pacino and Robert De Niro starred in Heat."]],
    question: "Did they appear together in another film?",
    holds: ["Al Pacino", "Robert De Niro"],
  },
  {
    turns: [["What was the revenue of Acme in Q1 2022?", "$3 million."]],
    question: "And Q2?",
    holds: ["Acme", "revenue", "Q2 2022"],
    lacks: ["Q1"],
  },
  {
    turns: [["What was the revenue of Acme in 2022?", "$3 million."]],
    question: "How does that compare to 2021?",
    holds: ["Acme", "revenue", "2021"],
  },
  {
    turns: [["Where was Napoleon born?", "Napoleon was born in Ajaccio on Corsica."]],
    question: "Is it an island?",
    holds: ["Corsica"],
  },
  {
    turns: [["List the moons of Mars.", "Phobos and Deimos."]],
    question: "When were they discovered?",
    holds: ["Phobos", "Deimos"],
  },
  {
    turns: [["List the moons of Mars.", "Phobos and Deimos."]],
    question: "Which is bigger?",
    holds: ["Phobos", "Deimos"],
  },
  {
    turns: [["Compare Python and Ruby.", "Both are dynamic."]],
    question: "Which is faster?",
    holds: ["Python", "Ruby"],
    lacks: ["Compare"],
  },
  {
    turns: [["when was leiden university founded", "in 1575"]],
    question: "who founded it",
    holds: ["leiden university"],
  },
  { turns: [["What is photosynthesis?", "It makes sugar from light."]], question: "What is mitosis?", asIs: true },
];
