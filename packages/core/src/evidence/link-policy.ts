/** Decides which links stay, and remembers those that went. */
export interface LinkPolicy {
  /** True for the address of a cited source, with or without a fragment. */
  isCited(target: string): boolean;
  /** Called once for each link that is removed. */
  remove(target: string): void;
}

const unsafe = /^(?:javascript|vbscript|data):/i;

/** A policy for the addresses of cited sources; `javascript:`, `vbscript:` and `data:` are never among them. */
export function linkPolicy(uris: Iterable<string>, remove: (target: string) => void): LinkPolicy {
  const cited = new Set([...uris].filter((uri) => uri !== "" && !unsafe.test(uri.trim())));
  const isCited = (target: string): boolean =>
    cited.has(target) ||
    (target.includes("#") && isCited(target.slice(0, target.indexOf("#")))) ||
    (target.includes("&amp;") && isCited(target.replaceAll("&amp;", "&")));
  return { isCited, remove };
}
