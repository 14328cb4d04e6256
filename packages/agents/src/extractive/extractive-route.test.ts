import { analyzer } from "@clew/core/text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Conversation, heldOut, mended, seen, turnsOf } from "../test/conversations.js";
import { extractiveRoute } from "./extractive-route.js";
import { resolveFollowUp } from "./resolve-follow-up.js";

const routed = (conversation: Conversation) =>
  extractiveRoute(conversation.question, turnsOf(conversation), analyzer());

function check(conversation: Conversation): void {
  const route = routed(conversation);
  const found = route.kind === "retrieve" ? route.question : `(${route.kind})`;
  if (conversation.asIs === true) expect(found).toBe(conversation.question);
  for (const text of conversation.holds ?? []) expect(found.toLowerCase()).toContain(text.toLowerCase());
  for (const text of conversation.lacks ?? []) expect(found.toLowerCase()).not.toContain(text.toLowerCase());
}

const titled = (conversations: readonly Conversation[]) =>
  conversations.map((one) => [`${one.turns.at(-1)?.[0] ?? ""} → ${one.question}`, one] as const);

describe("a follow-up, as the rules were made", () => {
  it.each(titled(seen))("%s", (_, conversation) => check(conversation));
});

describe("a follow-up that was held out", () => {
  it.each(titled(heldOut))("%s", (_, conversation) => check(conversation));
});

describe("a follow-up that once went wrong", () => {
  it.each(titled(mended))("%s", (_, conversation) => check(conversation));
});

describe("what is not looked up", () => {
  const route = (question: string, turns: Conversation["turns"] = []) =>
    extractiveRoute(question, turnsOf({ question, turns }), analyzer());

  it.each<[question: string, kind: string]>([
    ["Hello there!", "converse"],
    ["Thank you very much", "converse"],
    ["", "clarify"],
    ["Who is he?", "clarify"],
    ["What about it?", "clarify"],
    ["Please remind me to water the plants", "decline"],
    ["Can you book me a flight to Rome?", "decline"],
    // these only look like it
    ["Hello Kitty was designed by whom?", "retrieve"],
    ["Order of the Phoenix author", "retrieve"],
    ["Who set the alarm in the film Home Alone?", "retrieve"],
    ["It", "clarify"],
    ["Who wrote It?", "retrieve"],
  ])("%j: %s", (question, kind) => {
    const found = route(question);
    expect([found.kind, found.why === ""]).toEqual([kind, false]);
  });

  it("says again what it said", () => {
    const again = route("Can you repeat that?", [["When was it?", "In 1575."]]);
    expect(again).toMatchObject({ kind: "converse", text: "In 1575." });
  });
});

describe("follow-ups of any kind", () => {
  const words = fc.constantFrom(
    ..."and what about when was she its the he that there it Leiden University Ada of in 2021 , ? who how many them".split(
      " ",
    ),
  );
  const text = fc.array(words, { maxLength: 12 }).map((all) => all.join(" "));

  it("never end in nothing, and end the same way twice", () => {
    fc.assert(
      fc.property(text, fc.array(fc.tuple(text, text), { maxLength: 4 }), (question, turns) => {
        const once = resolveFollowUp(question, turnsOf({ question, turns }), analyzer());
        expect(once.question.trim() === "").toBe(question.trim() === "");
        expect(resolveFollowUp(question, turnsOf({ question, turns }), analyzer())).toEqual(once);
      }),
    );
  });

  it("are no books", () => {
    const book = "is it true that he ".repeat(5000);
    expect(resolveFollowUp(book, [{ question: book, answer: book }], analyzer()).question).toBe(book);
    expect(resolveFollowUp("When did he die?", [{ question: "Who was Ada?", answer: book }], analyzer()).question).toBe(
      "When did Ada die?",
    );
  });
});
