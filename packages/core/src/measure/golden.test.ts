import { expect, it } from "vitest";
import { judgedQueries } from "./golden.js";

it("takes plain questions, with ids or grades, and data sets", () => {
  expect(
    judgedQueries([
      { query: "a?", relevant: ["x", "y"] },
      { id: "b", query: "b?", relevant: { z: 2, w: 0 } },
    ]),
  ).toEqual([
    {
      id: "q1",
      text: "a?",
      judgements: new Map([
        ["x", 1],
        ["y", 1],
      ]),
    },
    {
      id: "b",
      text: "b?",
      judgements: new Map([
        ["z", 2],
        ["w", 0],
      ]),
    },
  ]);
  const qrels = new Map([
    ["1", new Map([["x", 3]])],
    ["9", new Map([["y", 1]])],
  ]);
  expect(
    judgedQueries({
      queries: [
        { id: "1", text: "a?" },
        { id: "2", text: "b?" },
      ],
      qrels,
    }),
  ).toEqual([
    { id: "1", text: "a?", judgements: new Map([["x", 3]]) },
    { id: "2", text: "b?", judgements: new Map() },
  ]);
});

it.each([
  [[{ query: " ", relevant: [] }]],
  [
    [
      { id: "q2", query: "a", relevant: [] },
      { query: "b", relevant: [] },
    ],
  ],
  [[{ query: "a", relevant: { x: Number.NaN } }]],
])("refuses %j", (golden) => {
  expect(() => judgedQueries(golden)).toThrow(expect.objectContaining({ code: "invalid-option" }));
});
