const longest = 1000; // code units

/** A heading's text as a reader sees it: links and images by their words, no emphasis, code or escape marks. */
export function plainHeading(written: string): string {
  return written
    .slice(0, longest)
    .replace(/!?\[([^\][]*)\]\((?:[^()\n]|\([^()\n]*\))*\)/g, "$1")
    .replace(/!?\[([^\][]*)\]\[[^\][]*\]/g, "$1")
    .replace(/\{#[\w-]+\}\s*$/, "")
    .replace(/<\/?[a-zA-Z][^<>]*>/g, "")
    .replace(/(?<!\\)(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, "$2")
    .replace(/(?<![\w*\\])\*(?=\S)([^*\\]+?)(?<=\S)\*(?![\w*])/g, "$1")
    .replace(/(?<![\w\\])_(?=\S)([^_\\]+?)(?<=\S)_(?!\w)/g, "$1")
    .replace(/(`+)(.+?)\1/g, "$2")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
