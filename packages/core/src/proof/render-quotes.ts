import { html, type Markup } from "./markup.js";
import type { ProofJson, ProofQuote, ProofSource, TextQuoteSelector } from "./proof-json.js";

/** The quotes, each with its surroundings, its place, and room for what checking it finds. */
export function renderQuotes({ quotes, sources }: Pick<ProofJson, "quotes" | "sources">): Markup {
  return html`<section aria-labelledby="quotes"><h2 id="quotes">Quotes</h2>
<ol class="quotes">
${quotes.map((quote) => renderQuote(quote, sources[quote.source]!))}
</ol>
</section>`;
}

function renderQuote({ number, source: at, span, page, line, target, link }: ProofQuote, source: ProofSource): Markup {
  const selector = target.selector.find((one): one is TextQuoteSelector => one.type === "TextQuoteSelector")!;
  const { exact, prefix, suffix } = selector;
  const place = [...(page === undefined ? [] : [`page ${page}`]), `line ${line}`, `characters ${span[0]}–${span[1]}`];
  return html`<li id="quote-${number}" class="quote" data-quote="${number}">
<p class="number" aria-hidden="true">${number}</p>
<div>
<blockquote dir="auto"><span class="around">${prefix}</span><mark>${exact}</mark><span class="around">${suffix}</span></blockquote>
<p class="place"><a href="#source-${at + 1}" dir="auto">${nameOf(source)}</a>, ${place.join(", ")}${
    link === undefined ? [] : [html` · <a href="${link}" rel="noreferrer noopener" target="_blank">open it there</a>`]
  }</p>
<p class="result" id="result-${number}">Source not given.</p>
</div>
</li>
`;
}

/** The sources, with what identifies them, and room for what a given file says. */
export function renderSources(sources: readonly ProofSource[]): Markup {
  return html`<section aria-labelledby="sources"><h2 id="sources">Sources</h2>
${sources.map(renderSource)}
</section>`;
}

function renderSource(source: ProofSource, at: number): Markup {
  const { id, uri, mediaType, bytesHash, textHash, version, text } = source;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Id", id],
    ["Type", mediaType],
    ["Bytes, SHA-256 (128 bits)", bytesHash],
    ["Version", bytesHash === undefined ? version : undefined],
    ["Text, SHA-256 (128 bits)", textHash],
  ];
  return html`<article id="source-${at + 1}" class="source" data-source="${at}">
<h3 dir="auto">${nameOf(source)}</h3>
<dl>
${facts.flatMap(([name, value]) => (value === undefined ? [] : [html`<dt>${name}</dt><dd class="mono">${value}</dd>`]))}
${uri === undefined ? [] : [html`<dt>Address</dt><dd><a href="${uri}" rel="noreferrer noopener" target="_blank">${uri}</a></dd>`]}
</dl>
<p class="result" id="version-${at}">${text === undefined ? "Not given." : "Its text is part of this page."}</p>
</article>
`;
}

const nameOf = ({ title, id }: ProofSource): string => (title === "" ? id : title);
