import { expect, it } from "vitest";
import { aCall } from "../testing/a-call.js";
import { type OpenSpan, type SpanStart, type Spans, spanned } from "./spans.js";

it("does the work alone where nobody looks, and asks for no name and no texts", async () => {
  const start = (): SpanStart => {
    throw new Error("nobody asked for it");
  };
  const work = async (span: OpenSpan): Promise<string> => {
    span.set({ a: 1 });
    span.failed(new Error("no"));
    span.texts(() => {
      throw new Error("nobody asked for it");
    });
    return span.spans.within({ name: "inner" }, async () => "done");
  };
  expect(await spanned(undefined, start, work)).toBe("done");
  expect(await spanned(aCall(), start, work)).toBe("done");
});

it("does it within a span of the call, and hands on what it rejects with", async () => {
  const names: string[] = [];
  const spans: Spans = {
    within: ({ name }, work) => {
      names.push(name);
      return work({ spans, set: () => undefined, texts: () => undefined, failed: () => undefined });
    },
  };
  const failure = new Error("no");
  await expect(
    spanned(
      aCall({ spans }),
      () => ({ name: "outer" }),
      () => Promise.reject(failure),
    ),
  ).rejects.toBe(failure);
  expect(names).toEqual(["outer"]);
});
