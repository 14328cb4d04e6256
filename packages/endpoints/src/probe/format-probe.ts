import { type ProbedAbility, type ProbeReport, probedAbilities } from "./probe-report.js";

const names: { readonly [A in ProbedAbility]: string } = {
  chat: "chat",
  streaming: "streaming",
  streamUsage: "usage in streams",
  tools: "tools",
  jsonSchema: "JSON schema",
  jsonMode: "JSON mode",
  logprobs: "log-probabilities",
};

/** A probe's report for people: one line an ability, with what was seen. */
export function formatProbe(report: Omit<ProbeReport, "text">): string {
  const { kind, model, baseURL, api, served, server, revision, abilities, contextTokens, adapters, calls } = report;
  const rows: (readonly [name: string, answer: string, evidence: string])[] = [
    ...probedAbilities.map(
      (ability) => [names[ability], abilities[ability].answer, abilities[ability].evidence] as const,
    ),
    ["context", contextTokens === null ? "unknown" : `${contextTokens} tokens`, report.contextEvidence],
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const serves = [
    served === null || served === model ? undefined : `serves as ${served}`,
    revision === null ? undefined : `revision ${revision}`,
    server ?? undefined,
  ].filter((part) => part !== undefined);
  const loras = adapters.map(({ name, base }) => (base === null ? name : `${name} (on ${base})`));
  return [
    `${kind}:${model}${baseURL === null ? "" : ` at ${baseURL}`}, spoken to in ${api === "chat" ? "messages" : "completed texts"}`,
    ...(serves.length === 0 ? [] : [`  ${serves.join(", ")}`]),
    ...rows.map(([name, answer, evidence]) =>
      `  ${name.padEnd(widths[0]!)}  ${answer.padEnd(widths[1]!)}  ${evidence}`.trimEnd(),
    ),
    ...(loras.length === 0 ? [] : [`  adapters: ${loras.join(", ")}`]),
    `  found out in ${calls} calls`,
  ].join("\n");
}
