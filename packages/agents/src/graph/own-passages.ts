import { type EvidenceLedger, type Hit, type Passage, passageId } from "@clew/core";

/**
 * Hits of a named source as the ledger of all sources can take them. The ledger tells passages apart by id; two sources may
 * give one id to different passages, so the one that comes later goes under `name:id`. The same passage in two sources
 * stays one.
 */
export function ownPassages(hits: readonly Hit[], source: string | undefined, ledger: EvidenceLedger): Hit[] {
  if (source === undefined) return [...hits];
  const known = new Map(ledger.list().map(({ passage }) => [passage.id, passage]));
  return hits.map((hit) => {
    const other = known.get(hit.passage.id);
    if (other === undefined || isSame(other, hit.passage)) return hit;
    return { ...hit, passage: { ...hit.passage, id: passageId(`${source}:${hit.passage.id}`) } };
  });
}

const isSame = (a: Passage, b: Passage): boolean =>
  a.source === b.source && a.text === b.text && a.span[0] === b.span[0];
