import {
  type Call,
  ClewError,
  checkKeys,
  invalidOption,
  type Note,
  note,
  raceSignal,
  type ServedModel,
} from "@clew/core";
import { EndpointModel } from "./endpoint-model.js";
import { type ProbeCache, probe } from "./probe/probe.js";
import type { ProbeReport } from "./probe/probe-report.js";
import { sharedWork } from "./shared-work.js";

/** Options of {@link modelSource}. */
export interface ModelSourceOptions {
  /** Abilities are found out at the first call, once; a report stands for a probe. @default true */
  readonly probe?: boolean | ProbeReport | undefined;
  /** Where the probe's report is kept. @default none */
  readonly cache?: ProbeCache | undefined;
}

/**
 * Makes an endpoint a model of the agent whose abilities are known: `models: { writer: modelSource(endpoint({ … })) }`.
 * It is spoken to as the probe found that it has to be, and the trace names model, adapter and revision.
 *
 * @returns a function as `models` takes it. It rejects where the probe finds a key refused or no model; a probe that
 *   fails otherwise leaves a note, and is tried again at the next call
 * @throws ClewError `invalid-option`
 */
export function modelSource(
  endpoint: EndpointModel,
  options: ModelSourceOptions = {},
): (call: Call) => Promise<ServedModel> {
  checkKeys("modelSource", options, ["probe", "cache"]);
  if (!EndpointModel.isInstance(endpoint)) throw invalidOption("endpoint", "what endpoint({ … }) makes");
  const { probe: wanted = true, cache } = options;
  if (wanted === false) {
    const served = { model: endpoint, served: servedName(endpoint, undefined), notes: [] };
    return async () => ({ ...served, capabilities: endpoint.capabilities });
  }
  const known = typeof wanted === "object" ? wanted : undefined;
  const probing = sharedWork((signal) => probe(endpoint, { signal, cache }));
  return async ({ signal }) => {
    const notes: Note[] = [];
    let report = known;
    if (report === undefined) {
      try {
        report = await raceSignal(probing(signal), signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (ClewError.isInstance(error) && fatal.has((error as ClewError).code)) throw error;
        const why = error instanceof Error ? error.message : String(error);
        notes.push(
          note("x-probe-failed", `What ${servedName(endpoint, undefined)} can do could not be found out: ${why}`),
        );
      }
    }
    const model = report === undefined ? endpoint : asFound(endpoint, report);
    return { model, served: servedName(model, report), capabilities: model.capabilities, notes };
  };
}

const fatal: ReadonlySet<string> = new Set(["service-refused", "missing-key", "missing-package", "not-found"]);

/** The endpoint, spoken to as a probe found. */
function asFound(endpoint: EndpointModel, { api, abilities, capabilities }: ProbeReport): EndpointModel {
  const change = {
    capabilities: { ...capabilities },
    ...(api === endpoint.endpoint.api ? {} : { api }),
    // usage is not asked for where asking is refused
    ...(abilities.streamUsage.answer === "no" && abilities.streamUsage.evidence.startsWith("refused")
      ? { streamUsage: false }
      : {}),
  };
  return endpoint.vary(change) ?? endpoint;
}

/** What serves, for a trace: `kind:model`, with ` on BASE` of an adapter and `@REVISION` where known. */
function servedName({ endpoint: { kind, model } }: EndpointModel, report: ProbeReport | undefined): string {
  const name = report?.served ?? model;
  const base = report?.adapters.find((adapter) => adapter.name === name)?.base ?? undefined;
  const revision = report?.revision ?? undefined;
  return `${kind}:${name}${base === undefined ? "" : ` on ${base}`}${revision === undefined ? "" : `@${revision}`}`;
}
