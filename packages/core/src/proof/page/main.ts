import { checkFile, type FileCheck, type GivenFile } from "../check-file.js";
import type { ProofJson } from "../proof-json.js";
import { hashOfText } from "../source-hash.js";
import { readFile } from "./read-file.js";
import { showState } from "./show-state.js";

// what is in the page was put there by the same package: nothing else writes this block
const proof = JSON.parse(document.getElementById("proof")!.textContent!) as ProofJson;
const checks: FileCheck[] = [];
const remarks: string[] = [];

async function take(files: Iterable<File>): Promise<void> {
  for (const file of files) {
    const given = await readFile(file);
    const check = checkFile(proof, given);
    if (check === undefined)
      remarks.push(
        `${file.name}: none of these sources. Neither its name nor a hash agrees, and no quote stands in it.`,
      );
    else {
      checks.push(check);
      remarks.push(remarkOn(given, check));
    }
    showState(proof, checks, remarks);
  }
}

function remarkOn({ name, kind, texts }: GivenFile, { source, by }: FileCheck): string {
  const { title, id } = proof.sources[source]!;
  const how = { hash: "by its hash", name: "by its name", quotes: "by the quotes in it" }[by];
  const closed =
    kind === "pdf"
      ? " Its bytes were compared. This page takes no text out of a PDF: save its text (pdftotext does) and give that too."
      : " Its bytes were compared; its text cannot be taken out here. Give it as a text file too.";
  return `${name}: taken for “${title === "" ? id : title}”, ${how}.${texts.length === 0 ? closed : ""}`;
}

async function takeEmbedded(): Promise<void> {
  for (const { text, id, textHash } of proof.sources) {
    if (text === undefined) continue;
    const own = await hashOfText(text);
    const given = {
      name: id,
      kind: "canonical",
      bytesHash: "",
      textHash: own,
      texts: [{ text, exact: true }],
    } as const;
    const check = own === textHash ? checkFile(proof, given) : undefined;
    if (check === undefined) remarks.push(`${id}: the text in this page is not the one that its hash names.`);
    else checks.push(check);
  }
  if (checks.length + remarks.length > 0) {
    remarks.push(
      "The texts in this page came with it. Give your own copies of the sources for a check that depends on nobody.",
    );
    showState(proof, checks, remarks);
  }
}

const input = document.getElementById("files") as HTMLInputElement | null;
const drop = document.getElementById("drop");
let queue = takeEmbedded();
const enqueue = (files: Iterable<File>): void => {
  const list = [...files];
  queue = queue.then(() => take(list));
};
input?.addEventListener("change", () => {
  enqueue(input.files ?? []);
});
// a file dropped beside the field would replace the page
for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => event.preventDefault());
document.addEventListener("dragover", () => drop?.classList.add("over"));
document.addEventListener("dragleave", () => drop?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  drop?.classList.remove("over");
  enqueue(event.dataTransfer?.files ?? []);
});
