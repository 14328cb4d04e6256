import type { Mention, PassageId } from "@clew/core";
import { findMentions, titleKeys } from "@clew/core/text";
import { pacer } from "../state/pacer.js";
import type { VisibleRows } from "../state/selection.js";
import type { TenantState } from "../state/tenant-state.js";

/** Visible titles by key. */
export type TitleTable = ReadonlyMap<string, readonly string[]>;

/** Keys of the visible titles, with the hashes of the sources that bear them, in the order of the sources' ids. */
export async function titleTable(visible: VisibleRows): Promise<TitleTable> {
  const table = new Map<string, string[]>();
  const pace = pacer();
  const byId = [...visible.sources].sort(([, a], [, b]) => (a.id < b.id ? -1 : 1));
  for (const [hash, { title, passages }] of byId) {
    if (passages === 0) continue;
    for (const key of titleKeys(title)) {
      const bearers = table.get(key);
      if (bearers === undefined) table.set(key, [hash]);
      else bearers.push(hash);
    }
    await pace.pace();
  }
  return table;
}

/** Titles that a text mentions, the longest first, then by place. */
export function titlesIn(text: string, table: TitleTable, state: TenantState): Mention[] {
  return findMentions(text, table)
    .map(({ key, span }): Mention => {
      const entries = table.get(key)!.map((hash) => state.sources.get(hash)!);
      const passages = entries.flatMap(({ segment, first, record }): PassageId[] =>
        segment === undefined ? [] : segment.ids.slice(first, first + record.passages),
      );
      return { span, title: entries[0]!.record.title, passages: passages.sort() };
    })
    .sort((a, b) => b.span[1] - b.span[0] - (a.span[1] - a.span[0]) || a.span[0] - b.span[0]);
}
