import type { FileCheck, VersionCheck } from "../check-file.js";
import { type Finding, type FoundInSource, verifies } from "../find-in-source.js";
import { visible } from "../markup.js";
import type { ProofJson } from "../proof-json.js";

type Tone = "good" | "bad" | "warn" | "";

const found: Readonly<Record<Finding, readonly [tone: Tone, text: string]>> = {
  position: ["good", "Verified: it stands where it was read, character by character."],
  moved: [
    "good",
    "Verified: it stands there character by character, at another place of the file, between the same words.",
  ],
  folded: [
    "good",
    "Verified, but for white space, quotation marks, dashes and ligatures: the text of this kind of file is made anew here.",
  ],
  elsewhere: [
    "bad",
    "Not verified: the same words stand in this file, but between others than those they were read between.",
  ],
  inexact: [
    "bad",
    "Not verified: it stands there with other white space, quotation marks, dashes, ligatures or unseen characters.",
  ],
  missing: ["bad", "Not in this source."],
};

const versions: Readonly<Record<VersionCheck, readonly [tone: Tone, text: string]>> = {
  "same-bytes": ["good", "The same bytes as were read."],
  "same-text": ["good", "The same text as was read."],
  "other-version": ["warn", "Another version: not the bytes that were read."],
  "other-form": ["", "Another form of the source (a text of it): its bytes cannot be compared."],
  unknown: ["", "Whether it is the version that was read is not known: no hash of it came with this proof."],
};

/** Shows what all the files that were given say; of two for one source, the later one. */
export function showState(proof: ProofJson, checks: readonly FileCheck[], remarks: readonly string[]): void {
  let verified = 0;
  let failed = 0;
  for (const { number, source } of proof.quotes) {
    const own = checks.filter((check) => check.source === source && check.findings.size > 0).at(-1);
    const result = own?.findings.get(number);
    const given = checks.some((check) => check.source === source);
    if (result === undefined) {
      show(`result-${number}`, "", given ? "The source was given, but not as text." : "Source not given.");
      continue;
    }
    if (verifies(result.finding)) verified++;
    else failed++;
    const [tone, text] = found[result.finding];
    for (const mark of document.querySelectorAll(`#quote-${number}, a[href="#quote-${number}"]`)) setTone(mark, tone);
    show(`result-${number}`, tone, text + placeOf(result));
  }
  for (const source of proof.sources.keys()) {
    const own = checks.filter((check) => check.source === source);
    // the bytes say more than a text of them
    const best = own.findLast(({ version }) => version !== "other-form") ?? own.at(-1);
    if (best !== undefined) show(`version-${source}`, ...versions[best.version]);
  }
  const open = proof.quotes.length - verified - failed;
  const parts = [
    `${verified} of ${proof.quotes.length} verified`,
    ...(failed > 0 ? [`${failed} not verified`] : []),
    ...(open > 0 ? [`${open} without a source`] : []),
  ];
  show("summary", failed > 0 ? "bad" : open > 0 ? "" : "good", `${parts.join(", ")}.`);
  document.getElementById("given")?.replaceChildren(
    ...remarks.map((remark) => {
      const item = document.createElement("li");
      item.textContent = visible(remark);
      return item;
    }),
  );
}

const placeOf = ({ finding, span }: FoundInSource): string =>
  span === undefined || finding === "position" ? "" : ` (characters ${span[0]}–${span[1]} of the text)`;

function show(id: string, tone: Tone, text: string): void {
  const element = document.getElementById(id);
  if (element === null) return;
  element.textContent = text;
  setTone(element, tone);
}

function setTone({ classList }: Element, tone: Tone): void {
  classList.remove("good", "bad", "warn");
  if (tone !== "") classList.add(tone);
}
