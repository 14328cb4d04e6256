const unread = "script,style,template,noscript,svg,math,iframe,object,canvas,audio,video,select,textarea,button,head";
const blocks = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CAPTION DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR MAIN NAV OL P PRE SECTION SUMMARY TABLE TR UL LI BR".split(
    " ",
  ),
);

/** The text of a page, about as it is read: white space apart. The page is parsed, never shown: nothing of it runs or loads. */
export function htmlText(source: string): string {
  const { body } = new DOMParser().parseFromString(source, "text/html");
  for (const element of body.querySelectorAll(unread)) element.remove();
  const parts: string[] = [];
  const walk = document.createTreeWalker(body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  let last: Element | null = null;
  for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
    if (node instanceof Element) {
      if (node.tagName === "LI") parts.push("\n- ");
      else if (node.tagName === "TD" || node.tagName === "TH")
        parts.push(node.previousElementSibling === null ? "\n" : " | ");
      else if (blocks.has(node.tagName)) parts.push("\n");
      continue;
    }
    const block: Element | null = blockOf(node);
    // text behind an inner block belongs to the outer one again
    if (block !== last) parts.push("\n");
    last = block;
    const text = node.nodeValue ?? "";
    parts.push((block?.tagName === "PRE" ? text : text.replace(/\s+/g, " ")).replace(/[\u00ad\u200b]/g, ""));
  }
  return parts.join("");
}

function blockOf(node: Node): Element | null {
  let element = node.parentElement;
  while (element !== null && !blocks.has(element.tagName) && element.tagName !== "TD" && element.tagName !== "TH") {
    element = element.parentElement;
  }
  return element;
}
