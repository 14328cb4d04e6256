const maxAnswer = 100_000;
/** A query of more characters is a passage, or an answer. */
const maxQuery = 400;

/**
 * The queries of an answer `{"queries": ["…"]}`, alone, in a code fence or amid prose; white space becomes one space,
 * what is no text, empty, or longer than 400 characters is left out.
 *
 * @param limit queries at most
 * @returns none where the answer is not of that form
 */
export function parseQueries(answer: string, limit: number): string[] {
  const start = answer.indexOf("{");
  const end = answer.lastIndexOf("}");
  if (start < 0 || end < start || end - start > maxAnswer) return [];
  const { queries } = asObject(answer.slice(start, end + 1));
  if (!Array.isArray(queries)) return [];
  const usable: string[] = [];
  for (const query of queries) {
    if (usable.length === limit) break;
    if (typeof query !== "string" || query.length > maxQuery) continue;
    const text = query.replace(/[\s\p{Cc}]+/gu, " ").trim();
    if (text !== "") usable.push(text);
  }
  return usable;
}

function asObject(json: string): { readonly queries?: unknown } {
  try {
    return Object(JSON.parse(json));
  } catch {
    // not JSON: the caller says that nothing usable came
    return {};
  }
}
