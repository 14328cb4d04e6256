/** Gathers the words of a paragraph or list as a browser would show them: white space collapsed, items on lines of their own. */
export interface RunningText {
  add(data: string): void;
  /** Ends the line, unless nothing stands on it but an item's marker. */
  newLine(): void;
  /** Begins a list item; one without words vanishes. */
  item(marker: string): void;
  /** Hands over what was gathered and begins anew. */
  take(): string;
}

/** Makes an empty {@link RunningText}; every operation costs only what it adds. */
export function runningText(): RunningText {
  let lines: string[] = [];
  let marker = "";
  let words = ""; // of the line at hand
  let spaced = true; // whether `words` is empty or ends with a space; asking the string would copy it

  function newLine(): void {
    if (words === "") return;
    lines.push(marker + words.trimEnd());
    marker = "";
    words = "";
    spaced = true;
  }

  return {
    add(data) {
      const collapsed = data.replace(/\s+/g, " ");
      const added = spaced ? collapsed.trimStart() : collapsed;
      if (added === "") return;
      words += added;
      spaced = added.endsWith(" ");
    },
    newLine,
    item(next) {
      newLine();
      marker = next;
    },
    take() {
      newLine();
      marker = "";
      const text = lines.join("\n");
      lines = [];
      return text;
    },
  };
}
