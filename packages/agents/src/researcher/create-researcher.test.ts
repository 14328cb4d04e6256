import { openTrace, verifyTrace } from "@clew/core";
import { fixedRuntime } from "@clew/core/testing";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import { myths } from "../test/myths.js";
import { question } from "../test/persisted-research.mjs";
import { collectResearch, expectWhole, researchModel } from "../test/research-helpers.js";
import { createResearcher } from "./create-researcher.js";

const compared = "Who founded Leiden University, and when was Utrecht University founded?";

describe("a report", () => {
  it("without a model is a digest of quotes, each once", async () => {
    const report = await createResearcher({ retriever: myths(), runtime: fixedRuntime() }).research(compared);
    expectWhole(report);
    expect(report.status).toBe("answered");
    expect(report.sections.map(({ heading }) => heading)).toContain("Leiden University");
    expect(report.markdown).toContain("- “Leiden University was founded in 1575 by William of Orange.” [1]");
    expect(report.markdown).toMatch(/quoted in section 1\.\*/);
    expect(report.usage.calls).toBe(0);
    for (const { sentences } of report.sections) {
      for (const { text, citations } of sentences) expect(citations.map(({ quote }) => quote)).toEqual([text]);
    }
  });

  it("is the same twice", async () => {
    const asked = () => createResearcher({ retriever: myths(), runtime: fixedRuntime() }).research(compared);
    const [{ trace: _, ...first }, { trace: __, ...second }] = [await asked(), await asked()];
    expect(first).toEqual(second);
  });

  it("with a model holds its outline and its sentences", async () => {
    const models = researchModel();
    const report = await createResearcher({ retriever: myths(), models }).research(question);
    expectWhole(report);
    expect([report.title, report.status]).toEqual(["Labyrinths", "answered"]);
    expect(report.markdown).toContain("The Labyrinth was built by Daedalus. [1]");
    expect(report.sections.map(({ id, heading }) => `${id} ${heading}`)).toEqual([
      "s1 The Labyrinth",
      "s2 Theseus",
      "s3 Leiden University",
    ]);
    expect(report.usage.calls).toBe(models.calls.length);
    const prompt = models.calls[0]!.messages.map(({ text }) => text).join("\n");
    expect(prompt).toMatch(/<<<what-a-first-search-found \w+\n/);
  });

  it("has a trace of question, outline, shares, sections and verdicts", async () => {
    const budget = { hops: 9 };
    const report = await createResearcher({ retriever: myths(), models: researchModel(), budget }).research(question);
    expect(verifyTrace(report.trace)).toMatchObject({ code: "intact" });
    const entries = openTrace(report.trace);
    const kinds = entries.map(({ kind }) => kind);
    expect([...new Set(kinds)]).toEqual(
      expect.arrayContaining(["run", "query", "hits", "model", "outline", "share", "section", "verdict", "report"]),
    );
    expect(entries.filter(({ kind }) => kind === "share").map(({ data }) => data)).toEqual([
      { section: "s1", budget: { hops: 3 } },
      { section: "s2", budget: { hops: 3 } },
      { section: "s3", budget: { hops: 2 } },
    ]);
    expect(entries.filter(({ kind }) => kind === "section")).toHaveLength(3);
  });
});

describe("the outline", () => {
  it("is made by code where the model's cannot be used, once repaired, with a note", async () => {
    const models = researchModel((_, role) =>
      role === "outliner" ? { json: { title: "x", sections: [] } } : undefined,
    );
    const policy = extractivePolicy();
    const report = await createResearcher({ retriever: myths(), models, policy }).research(compared);
    expect(report.notes.map(({ code }) => code)).toContain("fell-back");
    expect(report.sections[0]).toMatchObject({ heading: "In short", question: compared });
    expectWhole(report);
  });

  it("is repaired once, and has no more sections than it may", async () => {
    const drafts = [4, 2].map((many) => ({
      title: "Universities",
      sections: Array.from({ length: many }, (_, at) => ({ heading: `H${at}`, question: `Question ${at} of Leiden?` })),
    }));
    let asked = 0;
    const models = researchModel((_, role) => (role === "outliner" ? { json: drafts[asked++] } : undefined));
    const options = { retriever: myths(), models, policy: extractivePolicy(), sections: 2 };
    const report = await createResearcher(options).research(compared);
    expect([asked, report.sections.map(({ heading }) => heading)]).toEqual([2, ["H0", "H1"]]);
  });

  it("is made of the role outliner, else planner", async () => {
    const [outliner, planner] = [researchModel(), researchModel()];
    await createResearcher({ retriever: myths(), models: { outliner, default: planner } }).research(question);
    expect(outliner.calls).toHaveLength(1);
    const rest = researchModel();
    await createResearcher({ retriever: myths(), models: { planner, default: rest } }).research(question);
    expect(rest.calls.some(({ messages }) => messages[0]!.text.startsWith("You outline"))).toBe(false);
  });
});

describe("events", () => {
  it("come interleaved; sections are done in their order, numbered as they stay", async () => {
    const models = researchModel(async (request, role) => {
      // the first section is the slowest
      if (role === "writer" && request.messages[1]!.text.includes("Who built the Labyrinth?")) {
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      return undefined;
    });
    const events = await collectResearch(createResearcher({ retriever: myths(), models }).stream(question));
    const types = events.map(({ type }) => type);
    expect([types.filter((type) => type === "outline").length, types.at(-1)]).toEqual([1, "done"]);
    const sentences = events.flatMap((event) =>
      event.type === "section" && event.event.type === "sentence" ? [event.section] : [],
    );
    expect(sentences.indexOf("s1")).toBeGreaterThan(sentences.indexOf("s3"));
    const done = events.flatMap((event) => (event.type === "section-done" ? [event] : []));
    expect(done.map(({ section }) => section.id)).toEqual(["s1", "s2", "s3"]);
    const last = events.at(-1);
    const report = last?.type === "done" ? last.report : undefined;
    expect(done.at(-1)!.markdown).toBe(report!.markdown);
    for (const { section, markdown } of done) {
      expect(report!.markdown.startsWith(markdown.split("\n## Sources\n")[0]!)).toBe(true);
      expect(section).toEqual(report!.sections.find(({ id }) => id === section.id));
    }
    const used = events.flatMap((event) => (event.type === "usage" ? [event.usage.calls] : []));
    expect([used.at(-1), [...used].sort((a, b) => a - b)]).toEqual([models.calls.length, used]);
  });

  it("end the research when the loop is left", async () => {
    const asked = "What is Icarus known for?";
    const heard: (AbortSignal | undefined)[] = [];
    let reach = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const retriever = myths({
      before: (query, signal) => {
        if (query === asked) return undefined;
        heard.push(signal);
        reach();
        return new Promise(() => undefined);
      },
    });
    for await (const event of createResearcher({ retriever }).stream(asked)) {
      if (event.type !== "section") continue;
      await reached;
      break;
    }
    expect(heard.map((one) => one?.aborted)).not.toContain(false);
  });
});

describe("failures", () => {
  it("of one section leave the others alone", async () => {
    const policy = extractivePolicy();
    const failing = {
      ...policy,
      grade: async (...[state, call]: Parameters<typeof policy.grade>) => {
        if (state.question.startsWith("Utrecht")) throw new Error("broken at https://user:secret@host/");
        return policy.grade(state, call);
      },
    };
    const report = await createResearcher({ retriever: myths(), policy: failing }).research(compared);
    const failed = report.sections.find(({ heading }) => heading === "Utrecht University")!;
    expect([report.status, failed.status]).toEqual(["partial", "abstained"]);
    expect(report.markdown).toContain("*This section could not be written: its run failed.*");
    expect(JSON.stringify(report)).not.toContain("secret");
    expectWhole(report);
  });

  it("of the retriever end in a report that abstains", async () => {
    const retriever = myths({
      before: () => {
        throw new Error("down");
      },
    });
    const report = await createResearcher({ retriever }).research(compared);
    expect([report.status, report.references]).toEqual(["abstained", []]);
    expect(report.notes.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["sub-question-failed", "not-covered"]),
    );
    expectWhole(report);
  });

  it("of every model end in quotes", async () => {
    const report = await createResearcher({
      retriever: myths(),
      models: researchModel(() => new Error("down")),
    }).research(compared);
    expectWhole(report);
    expect(report.notes.map(({ code }) => code)).toContain("fell-back");
  });

  it("marks what is not supported", async () => {
    const models = researchModel((request, role) =>
      (role === "writer" || role === "repair") && request.messages[1]!.text.includes("When was Leiden")
        ? "Leiden University was founded in 1575 by William of Orange [E1]. It was sold to Zeus in 1999 [E1]."
        : undefined,
    );
    const report = await createResearcher({ retriever: myths(), models }).research(question);
    expect(report.markdown).toContain("*(not supported by the sources)*");
    expect(report.notes.map(({ code }) => code)).toContain("unsupported");
    expect(report.status).toBe("partial");
  });
});

describe("options", () => {
  it.each([
    [{ sections: 0 }],
    [{ parallel: 1.5 }],
    [{ budget: { hops: -1 } }],
    [{ nonsense: 1 }],
    [{ approve: ["plan"] }],
    [{ budget: { usd: 1 }, models: researchModel() }],
  ])("%o are refused", (options) => {
    expect(() => createResearcher({ retriever: myths(), ...options } as never)).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });

  it.each([
    ["", {}],
    ["a question", { thread: "t" }],
    ["a question", { k: 0 }],
    ["a question", { conversation: [] }],
  ])("of the question %o %o are refused", async (asked, options) => {
    const researched = createResearcher({ retriever: myths() }).research(asked, options as never);
    await expect(researched).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("of a run with a signal that is aborted already reject at once", async () => {
    const reason = new Error("gone");
    const researched = createResearcher({ retriever: myths() }).research(compared, {
      signal: AbortSignal.abort(reason),
    });
    await expect(researched).rejects.toBe(reason);
  });

  it("a thread is another question's after it ended, and no agent's", async () => {
    const researcher = createResearcher({ retriever: myths(), checkpointer: new MemorySaver() });
    const first = await researcher.research(compared, { thread: "t" });
    const second = await researcher.research("What is Icarus known for?", { thread: "t" });
    expect(second.id).not.toBe(first.id);
    expect(second.sections.every(({ question: asked }) => !asked.includes("Leiden"))).toBe(true);
    expectWhole(second);
  });

  it("one section at a time is possible", async () => {
    const report = await createResearcher({ retriever: myths(), parallel: 1 }).research(compared);
    expect(report.sections.length).toBeGreaterThan(2);
    expectWhole(report);
  });
});
