/**
 * Whether anything in a state is of a source, or may repeat it: a passage, a citation, a hit, the metadata of a document,
 * what a conversation has heard, a text of a trace; in any depth, also in JSON texts, as which outputs and tool messages
 * are kept.
 */
export function namesSource(state: unknown, source: string): boolean {
  const seen = new Set<object>();
  // a text within a text escapes its quotes once more; the innermost letters stay
  const inside = longestPlain(source);
  const open: unknown[] = [state];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "string") {
      const inner = value.includes(inside) ? parsed(value) : undefined;
      if (inner !== undefined) open.push(inner);
    } else if (typeof value === "object" && value !== null && !seen.has(value)) {
      seen.add(value);
      if (isOf(value, source)) return true;
      open.push(...(value instanceof Map ? value.values() : Object.values(value)));
    }
  }
  return false;
}

/** An object by itself; `any` and `anySource` stand where nobody knows what a text repeats. */
function isOf(value: object, source: string): boolean {
  const { source: own, sources, heard, anySource } = value as Readonly<Record<string, unknown>>;
  if (own === source || anySource === true || heard === "any") return true;
  return [sources, heard].some((names) => Array.isArray(names) && names.includes(source));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // a text that happens to quote the name
    return undefined;
  }
}

/** The longest part of a name that no number of JSON escapes changes. */
const longestPlain = (name: string): string =>
  name.split(/["\\\p{C}]/u).reduce((longest, part) => (part.length > longest.length ? part : longest), "");
