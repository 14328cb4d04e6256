import { describe, expect, it } from "vitest";
import type { AnswerSentence } from "../agent/answer.js";
import { aPassage } from "../testing/a-passage.js";
import type { Evidence, EvidenceId } from "./evidence.js";
import { findConflicts } from "./find-conflicts.js";
import { cite } from "./locate-quote.js";

type Text = readonly [title: string, text: string, metadata?: Record<string, string | number>];

const gathered = (texts: readonly Text[], sources = texts.map((_, index) => `s${index + 1}`)): Evidence[] =>
  texts.map(([title, text, metadata = {}], index) => ({
    id: `E${index + 1}` as EvidenceId,
    passage: { ...aPassage({ id: `p${index + 1}`, source: sources[index]!, title, text }), metadata },
    score: 1,
    hop: 1,
    queries: ["q"],
  }));

/** A sentence that says what the whole first evidence says, and cites it. */
const quoting = (evidence: Evidence, text = evidence.passage.text): AnswerSentence => ({
  text,
  citations: [cite(evidence, [0, evidence.passage.text.length])],
  verdict: "supported",
  reasons: [],
});

const count = (a: Text, b: Text): number => {
  const evidence = gathered([a, b]);
  return findConflicts([quoting(evidence[0]!)], { evidence }).length;
};

const leiden = "Leiden University";
const plain = (a: string, b: string): readonly [Text, Text] => [
  ["", a],
  ["", b],
];

describe("conflicts", () => {
  it.each<readonly [Text, Text]>([
    plain("Leiden University was founded in 1575.", "Leiden University was founded in 1580."),
    plain("Leiden University was founded in 1575 by William of Orange.", "Leiden University, founded in 1580, is old."),
    plain("Leiden University was founded on 8 February 1575.", "Leiden University was founded in 1574."),
    plain("Leiden University was founded in 1575.", "The Leiden University was founded on 3 May 1576."),
    [
      [leiden, "It was founded in 1575."],
      ["History", "Leiden University was founded in 1580."],
    ],
    [
      [leiden, "The university was founded in 1575."],
      [leiden, "It was founded in 1580."],
    ],
    [
      [leiden, "Leiden University is old. It was founded in 1575."],
      [leiden, "Leiden University was founded in 1580."],
    ],
    plain("Marie Curie was born in 1867.", "Marie Curie was born in 1868."),
    plain("Marie Curie was born on 7 November 1867.", "Marie Curie was born on 9 November 1867."),
    plain("Marie Curie died in 1934.", "Marie Curie died in 1936."),
    plain("Ed Wood (October 10, 1924 – December 10, 1978) made films.", "Ed Wood was born on October 12, 1924."),
    plain("Ed Wood (October 10, 1924 – December 10, 1978) made films.", "Ed Wood died in 1979."),
    plain("The Arles Bridge was built in 1904.", "The Arles Bridge was built in 1914."),
    plain(
      "Leiden University, the oldest in Holland, was established in 1575.",
      "Leiden University was established in 1580.",
    ),
    [
      ["Jaws (film)", "The film was released in 1975."],
      ["Jaws (film)", "It was released in 1977."],
    ],
    plain(
      "Acme Corporation reported revenue of $1.2 billion in 2022.",
      "In 2022, Acme Corporation's revenue was $1.3 billion.",
    ),
    plain(
      "Acme Corporation had revenue of $1.2 billion in 2022.",
      "Acme Corporation reported revenue of $1,500 million in 2022.",
    ),
    [
      ["Acme", "Acme's net income was $12 million in 2021."],
      ["News of Acme", "Acme's net income was $14 million in 2021."],
    ],
    plain("Arles Bridge is 300 metres long.", "Arles Bridge is 350 meters long.".replace("meters", "metres")),
    plain("Arles Bridge is 300 m long.", "Arles Bridge is 350 metres long."),
    plain("Ghent Town has a population of 262,219.", "Ghent Town has a population of 251,133."),
    plain("Ghent Town had 262,219 inhabitants in 2020.", "Ghent Town had 231,493 inhabitants in 2020."),
    plain("Arles Arena holds 20,000 spectators.", "Arles Arena holds 25,000 spectators."),
    plain("Acme Corporation employs 1,250 people.", "Acme Corporation employs 1,400 people."),
    plain("Acme Corporation's market share was 12% in 2022.", "Acme Corporation's market share was 15% in 2022."),
    [
      ["Acme 10-K 2022", "Acme reported revenue of $1.2 billion."],
      ["Acme 10-K 2022", "Acme reported revenue of $1.3 billion."],
    ],
  ])("%j against %j", (a, b) => {
    expect(count(a, b)).toBe(1);
    expect(count(b, a)).toBe(1);
  });

  it.each<readonly [Text, Text]>([
    // the same, said otherwise or less exactly
    plain("Leiden University was founded in 1575.", "Leiden University was founded on 8 February 1575."),
    plain("Leiden University was founded in 1575.", "Leiden University was founded in February 1575."),
    plain(
      "Acme Corporation reported revenue of $1.2 billion in 2022.",
      "Acme Corporation reported revenue of $1,200 million in 2022.",
    ),
    plain(
      "Acme Corporation reported revenue of $1.2 billion in 2022.",
      "Acme Corporation reported revenue of $1,234 million in 2022.",
    ),
    plain("Ghent Town has a population of 260,000.", "Ghent Town has a population of 262,219."),
    // other years, quarters, currencies, units
    plain(
      "Acme Corporation reported revenue of $1.2 billion in 2022.",
      "Acme Corporation reported revenue of $1.3 billion in 2023.",
    ),
    plain(
      "Acme Corporation reported revenue of $1.2 billion in 2022.",
      "Acme Corporation reported revenue of $1.3 billion.",
    ),
    plain(
      "Acme Corporation reported revenue of $300 million in the first quarter of 2022.",
      "Acme Corporation reported revenue of $400 million in the second quarter of 2022.",
    ),
    plain(
      "Acme Corporation reported revenue of $300 million in Q1 2022.",
      "Acme Corporation reported revenue of $900 million in 2022.",
    ),
    plain(
      "Acme Corporation reported revenue of $1.2 billion in 2022.",
      "Acme Corporation reported revenue of €1.1 billion in 2022.",
    ),
    plain("Arles Bridge is 300 metres long.", "Arles Bridge is 984 feet long."),
    [
      ["Acme 10-K 2022", "Acme reported revenue of $1.2 billion."],
      ["Acme 10-K 2021", "Acme reported revenue of $1.3 billion."],
    ],
    [
      ["Acme", "Acme reported revenue of $1.2 billion.", { year: 2022 }],
      ["Acme", "Acme reported revenue of $1.3 billion.", { year: 2021 }],
    ],
    // another attribute
    plain(
      "Acme Corporation reported revenue of $1.2 billion in 2022.",
      "Acme Corporation reported net revenue of $1.1 billion in 2022.",
    ),
    plain(
      "Acme Corporation reported revenue of $1.2 billion in 2022.",
      "Acme Corporation reported income of $0.1 billion in 2022.",
    ),
    plain("Leiden University was founded in 1575.", "Leiden University was renamed in 1815."),
    plain("Leiden University was founded in 1575.", "Leiden University was reopened in 1945."),
    plain("Marie Curie was born in 1867.", "Marie Curie died in 1934."),
    plain("Arles Bridge is 300 metres long.", "Arles Bridge is 20 metres wide."),
    plain("Arles Arena holds 20,000 spectators.", "Arles Arena holds 300 paintings."),
    // another subject
    plain("Leiden University was founded in 1575.", "Utrecht University was founded in 1636."),
    plain("Leiden University was founded in 1575.", "Leiden University's library was founded in 1587."),
    plain("Leiden University was founded in 1575.", "Leiden University Library was founded in 1587."),
    plain("Amsterdam City was founded in 1275.", "Amsterdam City has a university, founded in 1632."),
    plain("Marie Curie was born in 1867.", "Marie Curie had a daughter, Irene, born in 1897."),
    plain("Marie Curie was born in 1867.", "Marie Curie, whose husband was born in 1859, won twice."),
    [
      ["Jaws (film)", "The film was released in 1975."],
      ["Jaws (novel)", "The novel was released in 1974."],
    ],
    [
      ["Smith", "Smith was born in 1950."],
      ["Other", "Smith was born in 1960."],
    ],
    [
      ["Acme 10-K", "Revenue was $1.2 billion in 2022."],
      ["Zenith 10-K", "Revenue was $1.3 billion in 2022."],
    ],
    [
      ["Leiden", "Leiden lies in Holland. Utrecht is near. It was founded in 1122."],
      ["Leiden", "It was founded in 860."],
    ],
    plain("Ed Wood (October 10, 1924 – December 10, 1978) made films.", "Ed Wood was born in 1924."),
    plain("King George (1910–1936) was a king.", "King George was born in 1865."),
    // namesakes
    [
      ["David Pigot (cricketer, born 1900)", "David Richard Pigot (14 January 1900 – 10 August 1965) was a cricketer."],
      ["David Pigot (cricketer, born 1929)", "David Richard Pigot (18 July 1929 – 8 June 1996) was a cricketer."],
    ],
    [
      ["Pigot (cricketer, born 1900)", "Pigot House was built in 1900."],
      ["Pigot (cricketer, born 1929)", "Pigot House was built in 1929."],
    ],
    plain("David Pigot was born in 1900.", "David Pigot was born in 1929."),
    // what may be true twice
    plain("Arles Film was shown at the 71st festival.", "Arles Film was shown at the 72nd festival."),
    plain("Ajax Club won the cup in 1971.", "Ajax Club won the cup in 1972."),
    plain("John Smith scored 20 goals.", "John Smith scored 25 goals."),
    plain("The Jaws Film was released in 1975 in America.", "The Jaws Film was released in 1976 in Japan."),
    // bounds, plans, doubts
    plain("Acme Corporation employs 1,250 people.", "Acme Corporation employs over 1,000 people."),
    plain("Acme Corporation employs 1,250 people.", "Acme Corporation employs about 1,000 people."),
    plain("Arles Bridge was built in 1904.", "Arles Bridge was built before 1910."),
    plain("Arles Bridge was built in 1904.", "Arles Bridge was to be built in 1899."),
    plain("Arles Bridge was completed in 1904.", "Arles Bridge was expected to be completed in 1902."),
    plain("Arles Bridge was built in 1904.", "Arles Bridge was not built in 1903."),
    plain("Arles Bridge was built in 1904.", "Arles Bridge was built from 1902 to 1904."),
    plain("Arles Arena holds 20,000 spectators.", "Arles Arena holds 15,000 to 25,000 spectators."),
    // no sentence with a value
    plain("Arles Bridge was built in 1904.", "Arles Bridge is old."),
  ])("none: %j, %j", (a, b) => {
    expect(count(a, b)).toBe(0);
    expect(count(b, a)).toBe(0);
  });

  it("shows both quotes at their places, and names both sources", () => {
    const evidence = gathered([
      ["A", "Leiden University was founded in 1575."],
      ["B", "Holland is flat. Leiden University was founded in 1580. It rains."],
    ]);
    const [conflict] = findConflicts([quoting(evidence[0]!)], { evidence });
    expect(conflict?.sentence).toBe(0);
    expect(conflict?.between.map(({ evidence: id, quote }) => [id, quote])).toEqual([
      ["E1", "Leiden University was founded in 1575."],
      ["E2", "Leiden University was founded in 1580."],
    ]);
    expect(conflict?.message).toContain("E2 (s2)");
    for (const { evidence: id, quote, span } of conflict!.between) {
      const { passage } = evidence.find((one) => one.id === id)!;
      expect(passage.text.slice(span[0] - passage.span[0], span[1] - passage.span[0])).toBe(quote);
    }
  });

  it("finds what two sentences of one answer say, once for each", () => {
    const evidence = gathered([
      ["A", "Leiden University was founded in 1575."],
      ["B", "Leiden University was founded in 1580."],
    ]);
    expect(
      findConflicts(
        evidence.map((one) => quoting(one)),
        { evidence },
      ).map(({ sentence }) => sentence),
    ).toEqual([0, 1]);
  });

  it("looks at what the sentence says, not at all that its quote says", () => {
    const evidence = gathered([
      ["A", "Leiden University was founded in 1575."],
      ["B", "Leiden University was founded in 1580."],
    ]);
    const sentence = quoting(evidence[0]!, "Leiden has a university.");
    expect(findConflicts([sentence], { evidence })).toEqual([]);
  });

  it("hears no quarrel of a source with itself", () => {
    const evidence = gathered(
      [
        ["A", "Leiden University was founded in 1575."],
        ["A", "Leiden University was founded in 1580."],
      ],
      ["s1", "s1"],
    );
    expect(findConflicts([quoting(evidence[0]!)], { evidence })).toEqual([]);
  });

  it("has nothing to say of nothing", () => {
    expect(findConflicts([], { evidence: [] })).toEqual([]);
    const uncited: AnswerSentence = { text: "Hello.", citations: [], verdict: "uncited", reasons: [] };
    expect(findConflicts([uncited], { evidence: gathered([["A", "Leiden University was founded in 1575."]]) })).toEqual(
      [],
    );
  });
});
