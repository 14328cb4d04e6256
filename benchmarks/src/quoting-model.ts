import { type ScriptedModel, scriptedModel } from "@clew/core/testing";

/**
 * A chat model that outlines a report by questions that are given, finds everything answered, and writes one sentence for each of
 * the first passages that it is shown: some of the passage's words as they stand, cited.
 *
 * @param before waited for before each answer
 */
export const quotingModel = (
  title: string,
  questions: readonly string[],
  before?: () => Promise<void>,
): ScriptedModel =>
  scriptedModel({
    answers: async ({ messages: [system, user] }) => {
      await before?.();
      const evidence = [...user!.text.matchAll(/^<<<evidence (E\d+) (\S+)\n([\s\S]*?)\n>>>end \1 \2$/gm)];
      const ids = evidence.slice(0, 3).map(([, id]) => id!);
      if (system!.text.startsWith("You outline")) {
        const sections = questions.map((question) => ({ heading: question.slice(0, 80), question }));
        return { json: { title, sections } };
      }
      if (system!.text.startsWith("You plan")) {
        const question = /^Question:\n(.*)$/m.exec(user!.text)?.[1] ?? "";
        return { json: { subQuestions: [{ id: "q1", question, dependsOn: [] }] } };
      }
      if (system!.text.startsWith("You check")) {
        const grade = { id: "q1", answered: ids.length > 0, evidence: ids, answer: null, missing: null, query: null };
        return { json: { grades: [grade] } };
      }
      const said = evidence.slice(0, 3).map(([, id, , body]) => {
        const line = body!.split("\n").findLast((one) => one.trim().length > 40) ?? body!;
        // what the form of a citation is made of is left out of it
        const [plain = ""] = line
          .trim()
          .split(/["“”[\]]/)
          .filter((part) => part.trim() !== "");
        const words = plain.trim().split(/\s+/).slice(0, 14).join(" ");
        return `${words} [${id}: "${words}"].`;
      });
      return said.length === 0 ? "NOT COVERED" : said.join(" ");
    },
  });
