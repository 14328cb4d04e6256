import { expect, it } from "vitest";
import { ClewError } from "./clew-error.js";
import { toldFailure } from "./told-failure.js";

const slip = "GET https://me:hunter2@x.test/?key=abc123:\n    with Authorization: Bearer abcdefgh1234";

it("keeps kind, code and frames, and no key, wherever it stands", () => {
  const foreign = Object.assign(new TypeError(slip, { cause: new Error(slip) }), { config: { headers: slip } });
  for (const failure of [foreign, new ClewError("timed-out", slip, { cause: foreign }), slip]) {
    const told = toldFailure(failure);
    expect([told.message, told.stack, JSON.stringify(Object.entries(told)), told.cause].join()).not.toMatch(
      /hunter2|abc123|abcdefgh/,
    );
    expect(told.message).toMatch(/^GET https:\/\/…@x\.test\/\?…/);
  }
  expect(toldFailure(foreign)).toMatchObject({
    name: "TypeError",
    stack: expect.stringMatching(/^TypeError: .*\n\s+at /),
  });
  expect(toldFailure(new ClewError("timed-out", "x"))).toMatchObject({ name: "ClewError", code: "timed-out" });
});
