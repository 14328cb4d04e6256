import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sourceLink, textFragment, webAddress } from "./source-link.js";

const plain = { prefix: "", suffix: "", ambiguous: false };

describe("textFragment", () => {
  it("encodes what has a meaning in a directive: dash, comma and ampersand", () => {
    expect(textFragment({ ...plain, quote: "well-known, R&D" })).toBe("text=well%2Dknown%2C%20R%26D");
  });

  it("gives first and last words of a long quote, or of one over several lines", () => {
    const words = Array.from({ length: 80 }, (_, at) => `word${at}`).join(" ");
    expect(textFragment({ ...plain, quote: words })).toBe(
      "text=word0%20word1%20word2%20word3%20word4%20word5,word74%20word75%20word76%20word77%20word78%20word79",
    );
    expect(textFragment({ ...plain, quote: "A heading\n\nand its text." })).toBe("text=A%20heading,and%20its%20text.");
  });

  it("names the words around a quote that may stand elsewhere too, of its own line only", () => {
    const around = { prefix: "Some line\nit was built ", suffix: " by hand, and fast", ambiguous: true };
    expect(textFragment({ quote: "in 1999", ...around })).toBe("text=it%20was%20built-,in%201999,-by%20hand%2C%20and");
  });

  it("cuts a long text without spaces between its words", () => {
    const fragment = decodeURIComponent(textFragment({ ...plain, quote: "東京は日本の首都です。".repeat(40) }));
    expect(fragment.length).toBeLessThan(60);
    expect(fragment).toMatch(/^text=東京.*,.*です。?$/);
  });

  it("is always a directive that is read back as it was meant", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 400 }),
        fc.string(),
        fc.boolean(),
        (quote, prefix, ambiguous) => {
          const written = textFragment({ quote, prefix, suffix: prefix, ambiguous });
          if (written === "") return;
          // prefix-, start, end and -suffix in this order, as the grammar of the directive has them
          const parts = written.slice("text=".length).split(",");
          expect(written).toMatch(/^text=[!-~]+$/);
          expect(written).not.toMatch(/[&#<>"\s]/);
          const own = parts.filter((part, at) => !(at === 0 && part.endsWith("-")) && !part.startsWith("-"));
          expect(own.length === 1 || own.length === 2).toBe(true);
          const flat = quote.replace(/\s+/g, " ");
          expect(flat.toWellFormed()).toContain(decodeURIComponent(own[0]!));
        },
      ),
    );
  });
});

describe("sourceLink", () => {
  it("opens a PDF at its page, and a web page at its words", () => {
    const quote = { ...plain, quote: "net sales" };
    expect(sourceLink({ uri: "https://a.example/r.pdf", page: 7, ...quote })).toBe("https://a.example/r.pdf#page=7");
    expect(sourceLink({ uri: "https://a.example/r", mediaType: "application/pdf", page: 7, ...quote })).toBe(
      "https://a.example/r#page=7",
    );
    expect(sourceLink({ uri: "https://a.example/r", ...quote })).toBe("https://a.example/r#:~:text=net%20sales");
    expect(sourceLink({ uri: "https://a.example/r#part:~:text=old", ...quote })).toBe(
      "https://a.example/r#part:~:text=net%20sales",
    );
  });
});

describe("webAddress", () => {
  it("takes http and https alone, without passwords and keys", () => {
    for (const bad of [
      "javascript:alert(1)",
      "JaVa\nscript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "notes.md",
      "vbscript:x",
    ]) {
      expect(webAddress(bad)).toBeUndefined();
    }
    expect(webAddress("https://me:secret@a.example/x?id=1&api_key=abc&X-Amz-Signature=f")).toBe(
      "https://a.example/x?id=1",
    );
  });
});
