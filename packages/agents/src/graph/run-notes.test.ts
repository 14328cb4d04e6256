import { type Note, note } from "@clew/core";
import { expect, it } from "vitest";
import { runNotes } from "./run-notes.js";

it("keeps each note once, tells it, then records it", async () => {
  const heard: unknown[] = [];
  const [before, added] = [note("cut", "Cut."), note("no-hits", "Nothing.")];
  const { keep, list } = runNotes({
    notes: [before],
    emit: (event) => void heard.push(event),
    record: async (kind, data: Note) => void heard.push([kind, data.code]),
  });
  for (const one of [before, added, { ...added, detail: { other: 1 } }]) await keep(one);
  expect(list()).toEqual([before, added]);
  expect(heard).toEqual([{ type: "note", note: added }, ["note", "no-hits"]]);
});
