/** The words of a document, by which a hyphen at a line end is judged. */
export interface Words {
  /** Takes in the text of a line. A last word with a hyphen behind it is left out: it may be half a word. */
  add(line: string): void;
  has(word: string): boolean;
}

/** Makes an empty {@link Words}. */
export function words(): Words {
  const known = new Set<string>();
  return {
    add(line) {
      for (const [word] of line.replace(/\S+[-‐\u00ad]\s*$/u, "").matchAll(/[\p{L}\p{M}]+(?:[-‐'’][\p{L}\p{M}]+)*/gu)) {
        known.add(word.toLowerCase().replaceAll("‐", "-"));
      }
    },
    has: (word) => known.has(word.toLowerCase().replaceAll("‐", "-")),
  };
}

/** Two lines of one paragraph made one. */
export interface JoinedLines {
  readonly text: string;
  /** True when a hyphen was taken out. */
  readonly hyphenRemoved: boolean;
}

/**
 * Joins a line to the one before it. A hyphen between lower-case letters goes, unless the compound occurs in the
 * document with its hyphen inside a line and not without one; any other hyphen that touches letters or digits stays and
 * no space comes in; between Chinese or Japanese characters none comes in either.
 */
export function joinLines(before: string, after: string, known: Words): JoinedLines {
  const left = before.trimEnd();
  const right = after.trimStart();
  if (left.endsWith("\u00ad")) return { text: left.slice(0, -1) + right, hyphenRemoved: true };
  if (/[\p{L}\p{N}][-‐]$/u.test(left) && /^[\p{L}\p{N}]/u.test(right)) {
    if (!/\p{Ll}[-‐]$/u.test(left) || !/^\p{Ll}/u.test(right)) return { text: left + right, hyphenRemoved: false };
    const head = /[\p{L}\p{M}]+(?:[-‐'’][\p{L}\p{M}]+)*(?=[-‐]$)/u.exec(left)![0];
    const tail = /^[\p{L}\p{M}]+/u.exec(right)![0];
    const compound = known.has(`${head}-${tail}`) && !known.has(head + tail);
    return { text: (compound ? left : left.slice(0, -1)) + right, hyphenRemoved: !compound };
  }
  const dense = /[\u3040-\u30ff\u3400-\u9fff\u3001\u3002]$/.test(left) && /^[\u3040-\u30ff\u3400-\u9fff]/.test(right);
  return { text: `${left}${dense ? "" : " "}${right}`, hyphenRemoved: false };
}
