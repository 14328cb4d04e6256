import type { JsonObject, ServedModel } from "@clew/core";
import type { RunJournal } from "./run-journal.js";

/** What the record says of a model that a role was given: all that a policy can see of it, but for the model itself. */
export interface ServedRecord {
  readonly role: string;
  readonly served: string;
  readonly capabilities?: ServedModel["capabilities"];
  /** Id of its writer's form. */
  readonly form?: string | undefined;
  readonly notes?: ServedModel["notes"] | undefined;
  /** Whether tools can be bound to it. */
  readonly bindsTools: boolean;
  /** Lines that were recorded while it was chosen, right before this one. */
  readonly lines?: number | undefined;
}

/** Chooses a model and records what was chosen. */
export async function recordServed(
  role: string,
  journal: RunJournal,
  choose: () => Promise<ServedModel>,
): Promise<ServedModel> {
  const before = journal.entries().length;
  const chosen = await choose();
  const { served, capabilities, form, notes, model } = chosen;
  const lines = journal.entries().length - before;
  const record: ServedRecord = {
    role,
    served,
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(form === undefined ? {} : { form: form.id }),
    ...(notes.length === 0 ? {} : { notes }),
    bindsTools: typeof model.bindTools === "function",
    ...(lines === 0 ? {} : { lines }),
  };
  await journal.record("served", JSON.parse(JSON.stringify(record)) as JsonObject);
  return chosen;
}
