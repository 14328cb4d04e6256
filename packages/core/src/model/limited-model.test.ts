import { expect, it } from "vitest";
import { scriptedModel } from "../testing/scripted-model.js";
import { limitedModel } from "./limited-model.js";

it("sends the limit, also through bound options, and leaves the model as it was", async () => {
  const model = scriptedModel({ answers: () => "yes" });
  await limitedModel(model, 7).model.invoke("?");
  await limitedModel(model.withConfig({ stop: ["."] }), 9).model.invoke("?");
  await model.invoke("?");
  expect(model.calls.map(({ maxTokens }) => maxTokens)).toEqual([7, 9, undefined]);
  expect(model.calls[1]?.stop).toEqual(["."]);
});

it("keeps a lower limit of the model's own; -1 is none", () => {
  const limits = [50, 500, -1, undefined].map((maxTokens) => limitedModel({ maxTokens }, 100).model.maxTokens);
  expect(limits).toEqual([50, 100, 100, 100]);
  expect(limitedModel({ numPredict: undefined }, 100)).toMatchObject({ sendsLimit: true });
  expect(limitedModel({ limit: 5 }, 100)).toMatchObject({ sendsLimit: false });
});

it("switches repetitions off, and says how many there were to be", () => {
  const caller = { maxRetries: 6, call: () => "called" };
  const { model, maxRetries } = limitedModel({ caller, maxRetries: undefined }, 1);
  expect([model.caller.maxRetries, model.caller.call(), model.maxRetries, maxRetries]).toEqual([0, "called", 0, 6]);
  expect(caller.maxRetries).toBe(6);
});
