const maximum = 200_000;

/**
 * The first JSON object in a text that the text does not merely quote: alone, in a code fence, or amid prose. What stands
 * in the prompt, white space aside, is not the model's answer, however much a source makes it look like one. Linear in the
 * text but for the objects that do not parse or are quoted, of which the first eight are tried.
 *
 * @param prompt what the model was shown of unknown hand
 * @returns the parsed object; undefined where there is none
 */
export function extractJson(text: string, prompt = ""): unknown {
  const cut = text.slice(0, maximum);
  let tries = 0;
  for (let start = cut.indexOf("{"); start >= 0 && tries < 8; start = cut.indexOf("{", start + 1)) {
    const end = closing(cut, start);
    if (end === undefined) return undefined;
    tries += 1;
    const found = cut.slice(start, end + 1);
    try {
      const parsed: unknown = JSON.parse(found);
      if (!packed(prompt).includes(packed(found))) return parsed;
      start = end;
    } catch {
      // braces of prose: the next object is tried, and the caller reports when there is none
    }
  }
  return undefined;
}

const packed = (text: string): string => text.replace(/\s+/g, "");

/** Where the object that opens at `start` closes. */
function closing(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === "\\") at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{") depth += 1;
    else if (char === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}
