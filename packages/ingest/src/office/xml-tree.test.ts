import { expect, it } from "vitest";
import { findElements, textOf, xmlTree } from "./xml-tree.js";

it("names are local, text is decoded, and what is inside a match is not searched", () => {
  const tree = xmlTree(
    '\ufeff<?xml version="1.0"?><a:x r:id="1" b:c="2"><a:x>in &amp; &#x41;</a:x><y><![CDATA[<z>]]></y></a:x>',
  );
  const [x] = findElements(tree, "x");
  expect(findElements(tree, "x")).toHaveLength(1);
  expect(x!.attributes).toEqual({ "r:id": "1", c: "2" });
  expect(textOf(x!)).toBe("in & A<z>");
});

it("broken and very deep XML is read as far as it goes", () => {
  expect(textOf(xmlTree("<a>one<b>two</a>"))).toBe("onetwo");
  const deep = "<a>".repeat(50_000);
  expect(textOf(xmlTree(`${deep}end`))).toBe("end");
});
