import { scope } from "@clew/core";
import { hashEmbedder, sourceInput } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { memoryIndex } from "../memory-index.js";
import { detectLanguage } from "./language-note.js";

const english =
  "The committee of the board met in the spring, and it was agreed that the report on the accounts would be sent to the members with a letter by the chair.";
const german =
  "Der Ausschuss hat im Frühjahr getagt, und es wurde beschlossen, dass der Bericht über die Konten mit einem Brief des Vorsitzenden an die Mitglieder geschickt wird.";
const french =
  "Le comité s'est réuni au printemps et il a été décidé que le rapport sur les comptes serait envoyé aux membres avec une lettre du président de la commission.";

describe("detectLanguage", () => {
  it.each([
    ["en", english],
    ["de", german],
    ["fr", french],
    ["ja", "東京は日本の首都です。多くの人が住んでいます。"],
    ["zh", "北京是中国的首都，也是全国的政治中心。"],
    ["ko", "서울은 대한민국의 수도이며 가장 큰 도시이다."],
    ["ru", "Москва является столицей России и крупнейшим городом страны."],
    ["th", "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย"],
  ])("knows %s", (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });

  it("says nothing where little shows", () => {
    for (const text of ["", "12 34 56", "GET /index.html 200", "Paris London Berlin Rome Madrid ".repeat(10)]) {
      expect(detectLanguage(text)).toBeUndefined();
    }
  });
});

describe("sync", () => {
  const notesFor = async (texts: readonly string[], languages: readonly string[] | undefined) => {
    const embedder = Object.assign(hashEmbedder(), { languages });
    const inputs = texts.map((text, at) => sourceInput({ id: `s${at}`, text }));
    const { notes } = await memoryIndex({ embedder }).sync(scope("acme"), inputs);
    return notes.map(({ code, message }) => `${code} ${message}`);
  };

  it("names a better model when most of the text is in a language the embedder does not know", async () => {
    const notes = await notesFor([german, german, english], ["en"]);
    expect(notes).toEqual([expect.stringMatching(/^language-unknown-to-embedder .*"de".*multilingual-e5-small/)]);
  });

  it("says nothing about languages that it knows, that are few, or that nobody declared", async () => {
    expect(await notesFor([english, english, german], ["en"])).toEqual([]);
    expect(await notesFor([german], ["en", "de-AT"])).toEqual([]);
    expect(await notesFor([german], undefined)).toEqual([]);
  });
});
