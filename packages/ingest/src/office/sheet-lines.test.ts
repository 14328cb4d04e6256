import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowLine, sheetParts } from "./sheet-lines.js";

describe("sheetParts", () => {
  it("finds the header below a title, and none where values stand or a name repeats", () => {
    expect(sheetParts([["Title"], [null], ["Name", "Sum"], ["a", 1]])).toEqual({
      above: [["Title"]],
      names: ["Name", "Sum"],
      body: [["a", 1]],
    });
    expect(
      sheetParts([
        ["Name", 2023],
        ["a", 1],
      ]).names,
    ).toBeUndefined();
    expect(
      sheetParts([
        ["x", "x"],
        ["a", 1],
      ]).names,
    ).toBeUndefined();
    expect(sheetParts([["Name", "Sum"]]).names).toBeUndefined();
  });

  it("property: no row with a value is lost", () => {
    const cell = fc.oneof(fc.constant(null), fc.string(), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 15 }), (rows) => {
        const { above, names, body } = sheetParts(rows);
        const filled = rows.filter((row) => row.some((value) => value !== null && String(value).trim() !== ""));
        expect(above.length + body.length + (names === undefined ? 0 : 1)).toBe(filled.length);
        for (const row of body) expect(rowLine(row, names)).not.toBe("");
      }),
    );
  });
});

describe("rowLine", () => {
  it("keeps 0 and false, leaves out what is empty, and writes dates to the second", () => {
    const row = [0, false, "", null, new Date("2023-03-15T08:29:59.999Z"), new Date("2023-03-15T00:00:00Z"), 0.1 + 0.2];
    expect(rowLine(row, ["a", "b", "c", "d", "e", "", "g"])).toBe(
      "a: 0; b: false; e: 2023-03-15T08:30:00; 2023-03-15; g: 0.3",
    );
    expect(rowLine(["x", 1])).toBe("x | 1");
  });
});
