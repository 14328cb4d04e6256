import { type Answer, openTrace } from "@clew/core";
import { scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../agent-event.js";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { type ShelfText, shelf } from "../test/shelf.js";

const guide: ShelfText = {
  id: "g",
  title: "Guide",
  text: "Leiden University was founded in 1575 by William of Orange.",
};
const leaflet: ShelfText = { id: "l", title: "Leaflet", text: "Leiden University was founded in 1580 by the town." };
const other: ShelfText = { id: "u", title: "Utrecht", text: "Utrecht University was founded in 1636." };
const question = "When was Leiden University founded?";
const conflicts = ({ notes }: Answer) => notes.filter(({ code }) => code === "conflict");

/** A writer that quotes the guide alone; all else is decided by code. */
const writing = (text: string) =>
  scriptedModel({ answers: ({ messages }) => (messages[0]!.text.startsWith("You answer") ? text : "") });

describe("two sources that disagree", () => {
  const texts = [guide, leaflet, other];

  it("are both shown by the extractive policy: nothing is averaged, and the answer stands", async () => {
    const answer = await createRetrievalAgent({ retriever: shelf("shelf", texts) }).ask(question);
    expect(answer.status).toBe("answered");
    const [sentence] = answer.sentences;
    expect(sentence?.verdict).toBe("conflicting");
    expect(answer.citations.map(({ source }) => source)).toEqual(expect.arrayContaining(["shelf/g", "shelf/l"]));
    expect(conflicts(answer).length).toBe(1);
    expect(conflicts(answer)[0]?.detail).toEqual({
      evidence: ["E1", "E2"],
      sources: ["shelf/g", "shelf/l"],
      quotes: [guide.text, leaflet.text],
    });
  });

  it("are found though the writer cites only one, and told in the stream and the trace", async () => {
    const models = writing('Leiden University was founded in 1575. [E1: "was founded in 1575"]');
    const events: AgentEvent[] = [];
    for await (const event of createRetrievalAgent({ retriever: shelf("shelf", texts), models }).stream(question)) {
      events.push(event);
    }
    const told = events.flatMap((event) => (event.type === "sentence" ? [event.sentence.verdict] : []));
    expect(told).toEqual(["supported", "conflicting"]);
    const done = events.at(-1);
    if (done?.type !== "done") throw new Error("no answer");
    const { sentences, trace } = done.answer;
    expect(sentences[0]?.citations.map(({ quote }) => quote)).toEqual([guide.text, leaflet.text]);
    expect(sentences[0]?.reasons[0]).toContain("but E2 (shelf/l) says");
    const verdicts = openTrace(trace)
      .filter(({ kind }) => kind === "verdict")
      .map(({ data }) => (data as { verdict: string }).verdict);
    expect(verdicts).toEqual(["supported", "conflicting"]);
    // a contradiction is no mistake of the writer: nothing is written again
    expect(Math.max(...events.map((event) => ("attempt" in event ? event.attempt : 1)))).toBe(1);
  });

  it("are found across named sources", async () => {
    const sources = {
      archive: { retriever: shelf("archive", [guide]), about: "Old papers." },
      web: { retriever: shelf("web", [{ ...leaflet, id: "g" }]), about: "Pages." },
    };
    const answer = await createRetrievalAgent({ sources }).ask(question);
    expect(conflicts(answer)[0]?.detail?.sources).toEqual(["archive/g", "web/g"]);
    expect(answer.status).toBe("answered");
  });

  it("are told once where two sentences of the answer say them", async () => {
    const models = writing(
      'Leiden University was founded in 1575. [E1: "was founded in 1575"] Leiden University was founded in 1580. [E2: "was founded in 1580"]',
    );
    const answer = await createRetrievalAgent({ retriever: shelf("shelf", texts), models }).ask(question);
    expect(answer.sentences.map(({ verdict }) => verdict)).toEqual(["conflicting", "conflicting"]);
    expect(conflicts(answer).length).toBe(1);
  });
});

it("sources that agree, or speak of other things, are left in peace", async () => {
  const agreeing = { ...leaflet, text: "Leiden University was founded on 8 February 1575." };
  const answer = await createRetrievalAgent({ retriever: shelf("shelf", [guide, agreeing, other]) }).ask(question);
  expect(conflicts(answer)).toEqual([]);
  expect(answer.sentences.every(({ verdict }) => verdict === "supported")).toBe(true);
});
