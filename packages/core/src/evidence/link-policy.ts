/** Decides which links stay, and remembers those that went. */
export interface LinkPolicy {
  /** True for the address of a cited source, and of a page of it (`#page=3`). */
  isCited(target: string): boolean;
  /** Called once for each link that is removed. */
  remove(target: string): void;
}

const unsafe = /^(?:javascript|vbscript|data):/i;
// browsers pass over them in front of a scheme and in it
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
const passedOver = /[\u0000-\u0020\u007f-\u009f]/g;
/** A page: any other fragment could carry something to the cited site. */
const fragment = /#page=\d{1,6}$/;

/** False for an address that would run something in a browser: `javascript:`, `vbscript:`, `data:`, however spelled. */
export const isSafeAddress = (uri: string): boolean => !unsafe.test(uri.replace(passedOver, ""));

/** A policy for the addresses of cited sources; those that would run something are never among them. */
export function linkPolicy(uris: Iterable<string>, remove: (target: string) => void): LinkPolicy {
  const cited = new Set([...uris].filter((uri) => uri !== "" && isSafeAddress(uri)));
  const isCited = (target: string): boolean =>
    cited.has(target) ||
    (fragment.test(target) && cited.has(target.replace(fragment, ""))) ||
    (target.includes("&amp;") && isCited(target.replaceAll("&amp;", "&")));
  return { isCited, remove };
}
