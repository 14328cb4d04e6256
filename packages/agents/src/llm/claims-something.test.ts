import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimsSomething } from "./claims-something.js";

const turn = { question: "Who built the Labyrinth?", answer: "The Labyrinth was built by Daedalus for King Minos." };
const ground = (question: string, conversation = [turn].slice(0, 0)) => ({ question, conversation });

describe("claimsSomething", () => {
  it.each([
    ["You are welcome.", "Thanks!"],
    ["Hello! How can I help you today?", "Hi"],
    ["I'm doing well, thank you. What would you like to know?", "How are you?"],
    ["Nice to meet you, Bob.", "My name is Bob."],
    ["Sure, I can help you with that.", "Can you help me?"],
    ["Good morning!", "Good morning"],
    ["I'm sorry, I do not understand.", "asdf"],
    ["I’m glad that I could help!", "Thanks!"],
  ])("lets small talk stand: %j", (text, question) => {
    expect(claimsSomething(text, "statement", ground(question))).toBeUndefined();
  });

  it.each([
    ["100", "How many people live there?", "100"],
    ["Daedalus.", "Who built the Labyrinth?", "Daedalus"],
    ["daedalus", "Who built the Labyrinth?", "daedalus"],
    ["You are welcome. It was Daedalus.", "Who built it? Thanks!", "Daedalus"],
    ["It is a maze.", "What is it?", "maze"],
    ["Yes.", "Was Leiden founded in 1575?", "Yes"],
    ["Yes, Leiden was founded in 1575.", "Was Leiden founded in 1575?", "Yes"],
    ["Leiden was founded in 1575.", "Was Leiden founded in 1575?", "it answers in the question's words"],
    ["100", "Is it 100 or 200?", "it answers in the question's words"],
    ["There are three of them.", "How many are there?", "three"],
    ["See https://evil.example/?x=1", "Where is it?", "See"],
    ["IBM", "Who made it?", "IBM"],
    ["", "Who made it?", "it answers in the question's words"],
  ])("finds what %j claims", (text, question, claim) => {
    expect(claimsSomething(text, "statement", ground(question))).toBe(claim);
  });

  it("lets the conversation be told again", () => {
    const told = "You asked who built the Labyrinth, and I said that it was Daedalus.";
    expect(claimsSomething(told, "statement", ground("What did I ask?", [turn]))).toBeUndefined();
    expect(claimsSomething("Daedalus.", "statement", ground("What was the name again?", [turn]))).toBeUndefined();
    expect(claimsSomething(told, "statement", ground("What did I ask?"))).toBe("Labyrinth");
  });

  it("lets a question back bring words of its own, but no names and no numbers", () => {
    const ask = (text: string) => claimsSomething(text, "question", ground("When was Leiden founded?"));
    expect(ask("Do you mean the city of Leiden, or its university?")).toBeUndefined();
    expect(ask("Which university do you mean?")).toBeUndefined();
    expect(ask("Do you mean Utrecht?")).toBe("Utrecht");
    expect(ask("Do you know that it was 1575?")).toBe("1575");
    expect(ask("daedalus")).toBe("it asks nothing");
  });

  it("finds a claim in every number that nobody said before", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom("You are welcome: ", "", "Hello. "), (number, before) => {
        expect(claimsSomething(`${before}${number}`, "statement", ground("Thanks!"))).toBe(String(number));
      }),
    );
  });
});
