import { expect, it } from "vitest";
import { datesIn } from "./dates-in.js";

it.each([
  ["on 2023-05-01", ["2023-05-01"]],
  ["May 1, 2023 and 1 May 2023 and 1st of May 2023", ["2023-05-01", "2023-05-01", "2023-05-01"]],
  ["Sept. 3, in December 1999", ["--09-03", "1999-12"]],
  ["12/31/2023, 31/12/2023, 5/5/2023, 5/6/2023", ["2023-12-31", "2023-12-31", "2023-05-05"]],
  ["in 1984 and 2024.", ["1984", "2024"]],
  ["$2000, 1,999, 1999.5, 123456, A1999", []],
  ["you may go", []],
  ["1577 million, 2000 people", ["2000"]],
])("reads %j", (text, values) => {
  expect(datesIn(text).map(({ value }) => value)).toEqual(values);
});

it("gives exact spans", () => {
  const text = "born May 1, 2023, died Jan. 2024.";
  expect(datesIn(text).map(({ span }) => text.slice(...span))).toEqual(["May 1, 2023", "Jan. 2024"]);
});
