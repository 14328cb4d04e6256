import { expect, it } from "vitest";
import { documentTitle } from "./document-title.js";

it.each([
  ["10-K - 02/07/2019 - 3M Company", "10-K - 02/07/2019 - 3M Company"],
  ["  Annual\n Report\0 ", "Annual Report"],
  ["Microsoft Word - report.doc", "file v1.2"],
  ["report_final.docx", "file v1.2"],
  ["Untitled 1", "file v1.2"],
  ["0000764478-23-000006", "file v1.2"],
  ["", "file v1.2"],
  [undefined, "file v1.2"],
])("%j gives %j", (title, expected) => {
  expect(documentTitle({ title, name: "folder/file v1.2.pdf" })).toBe(expected);
});

it("keeps a name that is nothing but an ending", () => {
  expect(documentTitle({ title: undefined, name: ".pdf" })).toBe(".pdf");
});
