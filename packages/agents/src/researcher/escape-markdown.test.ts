import { findQuote } from "@clew/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { escapeMarkdown } from "./escape-markdown.js";

it.each([
  ["a heading", "# Findings", "\\# Findings"],
  ["a heading on a line of its own", "Sales.\n\n## Approved by the auditor\n", "Sales. ## Approved by the auditor"],
  ["a list", "- item", "\\- item"],
  ["a numbered list", "12. twelve", "12\\. twelve"],
  ["a rule", "--- end", "\\--- end"],
  ["a quote", "> said", "\\> said"],
  ["a link", "[here](https://evil.example)", "\\[here\\](https\\://evil.example)"],
  ["an image", "![x](http://evil.example/p.png)", "!\\[x\\](http\\://evil.example/p.png)"],
  ["a definition", "[1]: https://evil.example", "［1］: https\\://evil.example"],
  ["a tag", "<img src=x onerror=alert(1)>", "\\<img src=x onerror=alert(1)\\>"],
  ["an entity", "&lt;b&gt; R&D", "\\&lt;b\\&gt; R&D"],
  ["emphasis and code", "*a* _b_ `c` ~~d~~", "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~"],
  ["a formula", "$1,577 and $2", "\\$1,577 and \\$2"],
  ["an escape", "\\[1\\]", "\\\\\\[1\\\\\\]"],
  ["a reference mark", "as shown [7] and [1, 2–3] and [^4]", "as shown ［7］ and ［1, 2–3］ and ［4］"],
  ["a mail address", "write to a@b.example", "write to a\\@b.example"],
  ["a web address without a scheme", "see www.evil.example", "see www\\.evil.example"],
  ["characters that turn the writing around", "\u202eevil\u202c\u200b", "evil"],
])("takes from %s what it would render as", (_, text, shown) => {
  expect(escapeMarkdown(text)).toBe(shown);
});

const hostile = fc
  .array(
    fc.constantFrom(
      "[",
      "]",
      "(",
      ")",
      "1",
      " 7",
      "<",
      ">",
      "\\",
      "`",
      "*",
      "_",
      "#",
      "!",
      "\n",
      "a",
      "&lt;",
      "http://x",
      "］",
      "［",
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(""));

it("leaves no mark, no open bracket, tag or line break, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string()), (text) => {
      const shown = escapeMarkdown(text);
      expect(shown).not.toMatch(/[\n\r]/);
      // what is left when escaped characters are gone: nothing that opens something
      const open = shown.replace(/\\[\\`*_[\]<>~$&#+\-=:>.)@]/g, "");
      expect(open).not.toMatch(/[[\]<>`*_~$\\]/);
    }),
  );
});

it("is still found in its source", () => {
  const text = "The board [7] approved R&D of $1,577 (see *note*).";
  const shown = escapeMarkdown(text).replace(/\\(?=[^\w\s])/g, "");
  expect(findQuote(shown, text)).toEqual([0, text.length]);
});
