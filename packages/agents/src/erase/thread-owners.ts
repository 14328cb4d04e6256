import type { BaseCheckpointSaver } from "@langchain/langgraph";

type CheckpointTuple = NonNullable<Awaited<ReturnType<BaseCheckpointSaver["getTuple"]>>>;

/** Tenants that a checkpoint of the agent's graph, or a write on its way into one, names as its owner. */
export function* ownersIn(
  { channel_values: values }: CheckpointTuple["checkpoint"],
  writes: NonNullable<CheckpointTuple["pendingWrites"]>,
): Generator<string> {
  const owners: unknown[] = [values?.owner];
  for (const [, channel, value] of writes) if (channel === "owner") owners.push(value);
  for (const owner of owners) {
    const tenant = tenantIn(owner);
    if (tenant !== undefined) yield tenant;
  }
}

/** The tenant of a `scopeKey`; undefined for what is none: other graphs may have an owner too. */
function tenantIn(owner: unknown): string | undefined {
  if (typeof owner !== "string") return undefined;
  try {
    const key: unknown = JSON.parse(owner);
    return Array.isArray(key) && key.length === 2 && typeof key[0] === "string" ? key[0] : undefined;
  } catch {
    // no key of ours
    return undefined;
  }
}
