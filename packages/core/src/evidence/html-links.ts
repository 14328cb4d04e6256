import type { LinkPolicy } from "./link-policy.js";

/** Tags that load, link, run or restyle something. */
const active = new Set(
  "a animate applet area audio base body button embed form frame frameset iframe image img input link map math meta noscript object picture portal script set source style svg template track use video xml".split(
    " ",
  ),
);
const tag = /<(\/?)([a-z][a-z0-9:-]{0,30})(?![a-z0-9:-])([^<>]*)>?/gi;
const pointing =
  /(?:^|[\s"'/])(?:href|src|srcset|data|action|formaction|poster|background|ping|style|xlink:href|on[a-z]+)\s*=/i;

/**
 * Takes from a text the HTML tags that load, link or run something. `<a>` and `<img>` of a cited source stay, with their address
 * (and `alt`) alone; of other images the `alt` stays. Tags that only mark up (`<b>`) are left.
 */
export function removeHtmlLinks(text: string, { isCited, remove }: LinkPolicy): string {
  const open: boolean[] = [];
  return text.replace(tag, (whole, slash: string, name: string, attributes: string) => {
    const lower = name.toLowerCase();
    if (!active.has(lower) && !pointing.test(attributes)) return whole;
    if (lower === "a" && slash === "/") return open.pop() === true ? "</a>" : "";
    if (slash === "/") return "";
    const target = attribute(attributes, lower === "a" ? "href" : "src");
    const stays = (lower === "a" || lower === "img") && target !== undefined && isCited(target);
    if (lower === "a") open.push(stays);
    const alt = lower === "img" ? attribute(attributes, "alt") : undefined;
    if (stays)
      return lower === "a"
        ? `<a href="${encodeEntities(target)}">`
        : `<img src="${encodeEntities(target)}" alt="${encodeEntities(alt ?? "")}">`;
    remove(target ?? `<${lower}>`);
    return alt ?? "";
  });
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|[\\s"'/])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"']+))`, "i").exec(attributes);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  return value === undefined ? undefined : decodeEntities(value.trim());
}

const entities: readonly (readonly [string, string])[] = [
  ['"', "&quot;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ["'", "&#39;"],
];

const encodeEntities = (value: string): string =>
  entities.reduce((text, [character, entity]) => text.replaceAll(character, entity), value.replaceAll("&", "&amp;"));

const decodeEntities = (value: string): string =>
  entities.reduce((text, [character, entity]) => text.replaceAll(entity, character), value).replaceAll("&amp;", "&");
