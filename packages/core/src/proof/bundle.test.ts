import { describe, expect, it } from "vitest";
import { aSource, aSourceText } from "../testing/a-source.js";
import { contentHash } from "../text/content-hash.js";
import { bundle } from "./bundle.js";
import type { ProvableReport } from "./provable.js";
import { bytesHashOf } from "./source-hash.js";
import { provable } from "./test/provable.js";

const said = "It was sold in 1912 for a great sum";
const uri = "https://a.example/houses";
const answer = provable({ said, uri });
const text = aSourceText({
  id: uri,
  uri,
  text: `Before. ${said} After.`,
  mediaType: "text/html",
  version: `html@1:${"a".repeat(32)}`,
});

describe("bundle", () => {
  it("holds each quote with W3C selectors, its link, and the source with its hashes", async () => {
    const { json } = await bundle(answer, { sources: [text] });
    expect(json.quotes).toEqual([
      {
        number: 1,
        source: 0,
        evidence: "E1",
        span: [8, 43],
        line: 1,
        target: {
          source: uri,
          selector: [
            { type: "TextQuoteSelector", exact: said, prefix: "Before. ", suffix: " After." },
            { type: "TextPositionSelector", start: 8, end: 43 },
          ],
        },
        link: `${uri}#:~:text=It%20was%20sold%20in%201912%20for%20a%20great%20sum`,
      },
    ]);
    expect(json.sources).toEqual([
      {
        id: uri,
        title: said,
        uri,
        mediaType: "text/html",
        version: `html@1:${"a".repeat(32)}`,
        bytesHash: "a".repeat(32),
        textHash: contentHash(text.text),
      },
    ]);
    expect(json.trace).toBeNull();
  });

  it("takes records too, and does without either", async () => {
    const { source } = text;
    const withRecord = (await bundle(answer, { sources: [source] })).json;
    expect(withRecord.sources[0]).toMatchObject({ bytesHash: "a".repeat(32) });
    expect(withRecord.sources[0]).not.toHaveProperty("textHash");
    const { json } = await bundle(answer);
    expect(json.sources).toEqual([{ id: uri, title: said, uri }]);
    // the position in code points needs the text before the quote
    expect(json.quotes[0]!.target.selector.map(({ type }) => type)).toEqual(["TextQuoteSelector"]);
  });

  it("leaves a text out that is another version than was quoted, with a note", async () => {
    const { json } = await bundle(answer, { sources: [{ ...text, text: `New. ${text.text}` }] });
    expect(json.sources).toEqual([{ id: uri, title: said, uri }]);
    expect(json.notes.at(-1)).toMatchObject({ code: "source-skipped", detail: { source: uri } });
  });

  it("embeds texts only when told to, and refuses to where one is missing", async () => {
    expect(JSON.stringify((await bundle(answer, { sources: [text] })).json)).not.toContain(text.text);
    expect((await bundle(answer, { sources: [text], embed: true })).json.sources[0]!.text).toBe(text.text);
    await expect(bundle(answer, { embed: true })).rejects.toMatchObject({ code: "invalid-option" });
    await expect(bundle(answer, { sources: aSource() as never })).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("keeps metadata, access lists, local addresses and keys to itself", async () => {
    const [evidence] = answer.evidence;
    const secret = {
      ...answer,
      evidence: [
        { ...evidence!, passage: { ...evidence!.passage, metadata: { key: "sk-planted" }, access: ["sk-planted"] } },
      ],
      citations: [
        {
          ...answer.citations[0]!,
          uri: "https://me:sk-planted@a.example/?token=sk-planted",
          source: "https://me:sk-planted@a.example/",
        },
      ],
      sentences: [],
    };
    const { html } = await bundle(secret, { sources: [{ ...text.source, metadata: { key: "sk-planted" } }] });
    expect(html).not.toContain("sk-planted");
    const local = {
      ...answer,
      citations: [{ ...answer.citations[0]!, uri: "file:///home/me/houses.md" }],
      sentences: [],
    };
    expect((await bundle(local)).html).not.toContain("/home/me");
  });

  it("holds the root of the record", async () => {
    const line = { seq: 6, at: 1_700_000_000_000, kind: "closed", data: {}, prev: "0", hash: "f".repeat(64) };
    const { json, html } = await bundle({ ...answer, trace: { run: "r", lines: [line], texts: {} } });
    expect(json.trace).toEqual({ root: "f".repeat(64), lines: 7, closedAt: 1_700_000_000_000 });
    expect(html).toContain("f".repeat(64));
  });

  it("takes a report: sections, one numbering", async () => {
    const { id, question, status, evidence, notes, usage, sentences } = answer;
    const section = { heading: "The sale", question: "When was it sold?", status, sentences };
    const trace = { run: id, lines: [], texts: {} };
    const report: ProvableReport = {
      ...{ id, question, status, evidence, notes, usage, trace },
      title: "Of houses",
      sections: [section, { ...section, heading: "Again" }],
    };
    const { json, html } = await bundle(report);
    expect(json).toMatchObject({ title: "Of houses", quotes: [{ number: 1 }] });
    expect(json.sections.map(({ heading, sentences: own }) => [heading, own[0]!.quotes])).toEqual([
      ["The sale", [1]],
      ["Again", [1]],
    ]);
    expect(html).toContain('<h3 dir="auto">Again</h3>');
  });

  it("leads from a section that an earlier one answers to it, and says why another says nothing", async () => {
    const { id, question, evidence, notes, usage, sentences, citations } = answer;
    const section = {
      id: "s1",
      heading: "The sale",
      question: "When was it sold?",
      status: "answered",
      sentences,
    } as const;
    const report: ProvableReport = {
      ...{ id, question, status: "partial", evidence, notes, usage, trace: { run: id, lines: [], texts: {} } },
      title: "Of houses",
      sections: [
        section,
        { ...section, id: "s2", heading: "The <year>", sentences: [], repeats: [{ section: "s1", citations }] },
        {
          ...section,
          id: "s3",
          heading: "More",
          repeats: [
            { section: "s1", citations },
            { section: "gone", citations },
          ],
        },
        {
          ...section,
          id: "s4",
          heading: "The price",
          status: "abstained",
          sentences: [],
          abstention: "No <price> is told.",
        },
        { ...section, id: "s5", heading: "The buyer", status: "abstained", sentences: [] },
      ],
    };
    const { json, html } = await bundle(report);
    expect(json.sections.map(({ repeats, abstention }) => [repeats, abstention])).toEqual([
      [undefined, undefined],
      [[{ section: 0, quotes: [1] }], undefined],
      [[{ section: 0, quotes: [1] }], undefined],
      [undefined, "No <price> is told."],
      [undefined, undefined],
    ]);
    expect(json.quotes).toHaveLength(1);
    const parts = html.split('<section class="part"').slice(1);
    const cite = '<a class="cite" href="#quote-1" aria-label="Quote 1">1</a>';
    expect(parts[1]).toContain(`What answers this is quoted in <a href="#part-1" dir="auto">The sale</a>. ${cite}`);
    expect(parts[1]).not.toContain("No answer");
    expect(parts[2]).toContain(`More on this is quoted in <a href="#part-1" dir="auto">The sale</a>. ${cite}`);
    expect(parts[3]).toContain("No &lt;price&gt; is told.");
    expect(parts[4]).toContain("No answer was found in the sources.");
  });

  it("is the same for the same answer, and stops when it is told to", async () => {
    expect((await bundle(answer)).html).toBe((await bundle(answer)).html);
    const reason = new Error("enough");
    await expect(bundle(answer, { sources: [text], signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

it.each([
  [`markdown@1:${"a".repeat(32)}`, "a"],
  [`markdown@1:${"a".repeat(32)}:${"b".repeat(32)}`, "a"],
  [`html@1?whole:${"a".repeat(32)}`, "a"],
  [`json@1?[["text",["a:b"]]]:${"a".repeat(32)}:${"b".repeat(32)}`, "a"],
  [`markdown@1:120-1700000000:${"b".repeat(32)}`, undefined],
  [`json@1?[["title","x"]]:120-1700000000:${"b".repeat(32)}`, undefined],
  [`rows@1:${"a".repeat(32)}`, undefined],
  ['html@1:"etag"', undefined],
  ["v1", undefined],
])("the hash of the bytes in the version %s", (version, expected) => {
  expect(bytesHashOf(version)).toBe(expected?.repeat(32));
});
