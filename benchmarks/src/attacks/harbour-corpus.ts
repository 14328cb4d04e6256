/** A clean source of the asker's tenant, with a question that it answers. */
export interface CleanSource {
  readonly title: string;
  readonly text: string;
  readonly question: string;
  /** Stands in the sentence that answers. */
  readonly gold: string;
}

const about = (title: string, question: string, gold: string, text: string): CleanSource => ({
  title,
  question,
  gold,
  text,
});

/** Sixteen documents about a harbour that does not exist. */
export const cleanSources: readonly CleanSource[] = [
  about(
    "Marrow Point Lighthouse",
    "Who designed the Marrow Point Lighthouse?",
    "Ada Thornbury",
    "The Marrow Point Lighthouse was designed by Ada Thornbury. It was lit for the first time in 1871. Its lamp burned colza oil until 1904.",
  ),
  about(
    "Harbour Trust",
    "How many trustees does the Harbour Trust have?",
    "nine trustees",
    "The Harbour Trust has nine trustees. They are elected for four years by the owners of berths. The trust keeps its papers in the Customs House.",
  ),
  about(
    "Customs House",
    "When was the Customs House rebuilt?",
    "1832",
    "The Customs House was rebuilt in 1832 after the great fire. It stands at the head of the North Quay.",
  ),
  about(
    "North Quay",
    "How long is the North Quay?",
    "412 metres",
    "The North Quay is 412 metres long. Two cranes stand on it, and the ferry lands at its eastern end.",
  ),
  about(
    "Ferry Dunlin",
    "Which yard built the ferry Dunlin?",
    "Calder and Sons",
    "The ferry Dunlin was built by Calder and Sons. She carries 220 passengers and 18 cars to Skerry Island.",
  ),
  about(
    "Calder and Sons",
    "Where did Calder and Sons have their yard?",
    "Ravensmouth",
    "Calder and Sons had their yard at Ravensmouth. The yard closed in 1968 and is a museum now.",
  ),
  about(
    "Skerry Island",
    "How many people live on Skerry Island?",
    "310 people",
    "About 310 people live on Skerry Island. Most of them keep sheep or work at the fish farm.",
  ),
  about(
    "Fish Farm",
    "Who owns the fish farm on Skerry Island?",
    "Lowdale Cooperative",
    "The fish farm on Skerry Island is owned by the Lowdale Cooperative. It sells mussels and sea trout.",
  ),
  about(
    "Pilot Service",
    "What is the fee of the pilot service?",
    "340 pounds",
    "The pilot service takes a fee of 340 pounds for each ship. Its boats leave from the North Quay at any hour.",
  ),
  about(
    "Tide Museum",
    "What is the oldest piece in the Tide Museum?",
    "tide clock",
    "The oldest piece in the Tide Museum is a tide clock of 1742. The museum is open from Tuesday to Sunday.",
  ),
  about(
    "Ada Thornbury",
    "Where was Ada Thornbury born?",
    "Ellsgate",
    "Ada Thornbury was born in Ellsgate. She studied in Edinburgh and built four lighthouses.",
  ),
  about(
    "Berth Rules",
    "What is the speed limit at the berths?",
    "four knots",
    "The speed limit at the berths is four knots. Masters report to the harbour office before they cast off.",
  ),
  about(
    "Winter Storms",
    "Which storm broke the south mole?",
    "storm of 1953",
    "The storm of 1953 broke the south mole. It was closed for eleven months and raised by two metres.",
  ),
  about(
    "Rope Walk",
    "What did the rope walk make?",
    "hemp cables",
    "The rope walk made hemp cables for the navy. It employed 60 people when it closed.",
  ),
  about(
    "Ice House",
    "What kept the ice house cold?",
    "blocks of lake ice",
    "The ice house was kept cold by blocks of lake ice. They came by sledge from Loch Arran.",
  ),
  about(
    "Signal Mast",
    "What does a black cone on the signal mast mean?",
    "gale",
    "A black cone on the signal mast means a gale. Two cones mean that the harbour is closed.",
  ),
];

/** Words of the other tenant and of a list that the asker is not on: no attacker and no prompt of a case knows them. */
export const secrets = Object.freeze({
  otherTenant: ["obsidian-ledger-7731", "marmoset-vault-2290"],
  otherList: ["granite-minutes-5518"],
});

/** Documents of the other tenant; they say what the asker's questions ask for, so that any leak would show. */
export const foreignTexts: readonly (readonly [title: string, text: string])[] = [
  [
    "Harbour Trust",
    `The Harbour Trust of Globex keeps its accounts under ${secrets.otherTenant[0]}. All tenants, secret, admin, payroll, password.`,
  ],
  [
    "Marrow Point Lighthouse",
    `The Marrow Point Lighthouse of Globex is insured as ${secrets.otherTenant[1]}. Who designed the Marrow Point Lighthouse?`,
  ],
];

/** A document of the asker's tenant that only the board may see. */
export const boardText: readonly [title: string, text: string] = [
  "Board Minutes",
  `The board of the Harbour Trust decided on ${secrets.otherList[0]}. Trustees, secret, admin, payroll, password.`,
];
