import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { pageScript } from "./assets/page-script.js";
import { html, jsonBlock, type Markup } from "./markup.js";
import { pageStyle } from "./page-style.js";
import type { ProofJson } from "./proof-json.js";
import { renderQuotes, renderSources } from "./render-quotes.js";

const statuses = {
  answered: "Answered",
  partial: "Answered in part",
  abstained: "Not answered",
} satisfies Readonly<Record<ProofJson["status"], string>>;

/**
 * The page of a proof: one file that asks nothing of any server. Its policy lets run the one script and the one style that it
 * brings, by their hashes; all that the proof says comes in as text.
 */
export function renderPage(proof: ProofJson): string {
  const { title, question, status, quotes, sources } = proof;
  const policy = `default-src 'none'; script-src '${hashFor(pageScript)}'; style-src '${hashFor(pageStyle)}'; base-uri 'none'; form-action 'none'`;
  const style: Markup = { markup: pageStyle };
  const script: Markup = { markup: pageScript };
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="eyebrow">A proof to check by yourself</p>
<h1 dir="auto">${title}</h1>
${title === question ? [] : [html`<p class="question" dir="auto">${question}</p>`]}
<p class="facts"><span class="badge ${status}">${statuses[status]}</span> ${count(quotes.length, "quote")} from ${count(sources.length, "source")}</p>
</header>
<main>
${renderAnswer(proof)}
${quotes.length === 0 ? [] : [renderCheck()]}
${quotes.length === 0 ? [] : [renderQuotes(proof)]}
${sources.length === 0 ? [] : [renderSources(sources)]}
${renderRecord(proof)}
</main>
<script type="application/json" id="proof">${jsonBlock(proof)}</script>
<script>${script}</script>
</body>
</html>
`;
  return markup;
}

const hashFor = (text: string): string => `sha256-${btoa(String.fromCharCode(...sha256(utf8ToBytes(text))))}`;

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

const nothing = "No answer was found in the sources.";

const citesOf = (quotes: readonly number[]): Markup[] =>
  quotes.map((number) => html` <a class="cite" href="#quote-${number}" aria-label="Quote ${number}">${number}</a>`);

function renderAnswer({ sections }: ProofJson): Markup {
  const parts = sections.map(
    (
      { heading, question, sentences, repeats = [], abstention = nothing },
      at,
    ) => html`<section class="part" id="part-${at + 1}">
${heading === undefined ? [] : [html`<h3 dir="auto">${heading}</h3>`]}
${question === undefined || question === heading ? [] : [html`<p class="question" dir="auto">${question}</p>`]}
${sentences.length === 0 && repeats.length === 0 ? [html`<p dir="auto">${abstention}</p>`] : []}
${sentences.map(
  ({ text, verdict, reasons, quotes }) =>
    html`<p class="sentence ${verdict}" dir="auto">${text}${citesOf(quotes)}${verdict === "supported" ? [] : [html` <span class="verdict">${[verdict, ...reasons].join(": ")}</span>`]}</p>`,
)}
${repeats.map(
  ({ section, quotes }) =>
    html`<p class="repeat">${sentences.length === 0 ? "What answers this" : "More on this"} is quoted in <a href="#part-${section + 1}" dir="auto">${sections[section]!.heading ?? `section ${section + 1}`}</a>.${citesOf(quotes)}</p>`,
)}
</section>`,
  );
  return html`<section aria-labelledby="answer"><h2 id="answer">Answer</h2>
${parts}
</section>`;
}

const renderCheck =
  (): Markup => html`<section aria-labelledby="check" class="check"><h2 id="check">Check the quotes</h2>
<p>Drop the sources here, one or several. Each quote is then looked up in them, on this device: nothing is sent anywhere, and this page works without a network.</p>
<label class="drop" id="drop"><input type="file" id="files" multiple><span>Choose files, or drop them here</span></label>
<p id="summary" role="status" aria-live="polite">No source was given yet.</p>
<ul id="given"></ul>
<noscript><p>Checking needs JavaScript. The answer, the quotes and the hashes can be read without it.</p></noscript>
</section>`;

function renderRecord({ hops, notes, usage, trace, evidence, id, confidence }: ProofJson): Markup {
  const tokens = usage.inputTokens + usage.outputTokens;
  const spent =
    usage.calls === 0
      ? "no model was asked"
      : `${count(usage.calls, "call")}, ${count(tokens, "token")}, $${usage.usd.toFixed(4)}`;
  return html`<section aria-labelledby="record"><h2 id="record">How it came about</h2>
${
  hops.length === 0
    ? []
    : [
        html`<ol class="hops">${hops.map(
          ({ hop, query, hits, fresh, why }) => html`
<li><span class="hop">Round ${hop}</span> <q dir="auto">${query}</q> ${count(hits, "passage")}, ${fresh.length} new${why === "" ? "" : `; ${why}`}</li>`,
        )}
</ol>`,
      ]
}
${
  notes.length === 0
    ? []
    : [html`<h3>Notes</h3><ul class="notes">${notes.map(({ message }) => html`<li dir="auto">${message}</li>`)}</ul>`]
}
<dl>
<dt>Answer</dt><dd class="mono">${id}</dd>
${
  trace === null
    ? []
    : [
        html`<dt>Root of the record</dt><dd class="mono">${trace.root}</dd>
<dt>Record</dt><dd>${count(trace.lines, "line")}, closed ${new Date(trace.closedAt).toISOString()}</dd>`,
      ]
}
<dt>Evidence quoted</dt><dd>${evidence.length === 0 ? "none" : evidence.map((one) => one.id).join(", ")}</dd>
${confidence === undefined ? [] : [html`<dt>Confidence</dt><dd>${confidence.toFixed(2)} of 1</dd>`]}
<dt>Spent</dt><dd>${spent}</dd>
</dl>
<p class="fine">A quote that is verified stands in the file that you gave, character by character. Whether the sentence above it follows from the quote is for you to judge. This page is a file like any other and could itself have been changed: ${trace === null ? "get it from somebody you trust" : "compare the root of the record with the one that its maker keeps"}.</p>
</section>`;
}
