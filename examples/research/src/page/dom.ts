type Child = Node | string | undefined;

/**
 * An element with attributes and children. Strings become text, never markup: everything that a source, a model or a
 * server says is shown as it is written. Children that are undefined are left out.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A link to a web page; plain text where the address is none, such as `javascript:…`. */
export function webLink(address: string, text: string): HTMLElement {
  if (!isWebAddress(address)) return el("span", {}, text);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** Whether an address is of a web page. */
export const isWebAddress = (address: string): boolean => /^https?:\/\//i.test(address);

/** An element of the page. @throws Error where it is missing */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return found;
}
