import { compareHits, defineRetriever, type Hit, noUsage, type Retriever, scope } from "@clew/core";
import { aHit, aPassage } from "@clew/core/testing";
import { analyzer } from "@clew/core/text";

const texts: readonly (readonly [id: string, title: string, text: string])[] = [
  [
    "northwind-cover",
    "Northwind Traders annual report",
    "Annual report for the fiscal year ended September 30, 2023.\n\nRegistrant: Northwind Traders, Inc.\nState of incorporation: Delaware\n\nAll amounts are in U.S. dollars. The report was filed on 3 November 2023.",
  ],
  [
    "northwind-operations",
    "Northwind Traders annual report",
    "CONSOLIDATED STATEMENTS OF OPERATIONS\n(In millions, except per-share amounts)\n\n| | 2022 | 2023 |\n|---|---|---|\n| Total net sales | $ 394,328 | $ 383,285 |\n| Cost of sales | 223,546 | 214,137 |\n| Net income | 99,803 | 96,995 |\n| Earnings per share | 6.15 | 6.16 |",
  ],
  [
    "northwind-audit",
    "Northwind Traders annual report",
    "The consolidated financial statements were audited by Example & Young LLP, an independent firm. Northwind had 161,000 full-time employees at year end, compared with 164,000 in 2022.",
  ],
  [
    "contoso",
    "Contoso annual report",
    "Contoso plc reported revenue of €1.2 billion for 2023, compared with €1.1 billion in 2022. Operating margin rose to 12.5%. The accounts were audited by Fabrikam Audit LLP.",
  ],
  ["bread", "Bread", "Bread rises when yeast makes gas. Revenue of bakers fell by 3% in 2023."],
];

/** A retriever over pieces of filings, by the number of shared terms; `before` is called before each search. */
export function filings(
  added: readonly (readonly [id: string, title: string, text: string])[] = [],
  before?: () => void,
): Retriever {
  const { terms } = analyzer();
  const passages = [...texts, ...added].map(([id, title, text]) => ({
    passage: aPassage({ id, source: `${id}.txt`, title, text }),
    terms: new Set(terms(`${title} ${text}`)),
  }));
  return defineRetriever(
    "filings",
    async (query, { k }) => {
      before?.();
      const asked = new Set(terms(query));
      const hits = passages.flatMap(({ passage, terms: held }): Hit[] => {
        const score = [...asked].filter((term) => held.has(term)).length;
        return score === 0 ? [] : [{ ...aHit({ id: passage.id }), passage, score }];
      });
      return { hits: hits.sort(compareHits).slice(0, k), notes: [], usage: noUsage, generation: 1 };
    },
    { scope: scope("acme") },
  );
}
