import { type Call, type Capabilities, ClewError, invalidOption, type ModelSource, type ServedModel } from "@clew/core";

/** Roles that the policies of this package ask models for. */
export const modelRoles = ["router", "planner", "grader", "writer", "repair", "judge"] as const;

/** A role for which a model is wanted. */
export type ModelRole = (typeof modelRoles)[number];

/** A model for each role; `default` serves the roles that are not named. */
export type RoleModels = { readonly [role in ModelRole | "default"]?: ModelSource | undefined };

/** One model for everything, or one for each role. */
export type Models = ModelSource | RoleModels;

/** Chooses the model of a role for one call. */
export type ServeModel = (role: string, call: Call) => Promise<ServedModel>;

/**
 * Makes a function that finds the model of a role. `repair` falls to `writer`, and everything to `default`.
 *
 * @throws ClewError `invalid-option` for an unknown role, or something that is no model
 */
export function serveModels(models: Models): ServeModel {
  const roles = isSource(models) ? { default: models } : checkRoles(models);
  return async (role, call) => {
    const source = roles[role as ModelRole] ?? (role === "repair" ? roles.writer : undefined) ?? roles.default;
    if (source === undefined) {
      throw new ClewError(
        "invalid-option",
        `There is no model for the role "${role}": give models.${role} or models.default.`,
      );
    }
    if (typeof source !== "function") {
      return { model: source, served: nameOf(source), capabilities: capabilitiesOf(source), notes: [] };
    }
    return source({ ...call, role });
  };
}

const isSource = (value: Models): value is ModelSource =>
  typeof value === "function" || (typeof value === "object" && value !== null && "invoke" in value);

function checkRoles(models: RoleModels): RoleModels {
  const known: readonly string[] = [...modelRoles, "default"];
  if (typeof models !== "object" || models === null)
    throw invalidOption("models", "a chat model or a model for each role");
  for (const [role, source] of Object.entries(models)) {
    if (!known.includes(role)) throw invalidOption(`models.${role}`, `one of the roles ${known.join(", ")}`);
    if (source !== undefined && !isSource(source)) throw invalidOption(`models.${role}`, "a chat model or a function");
  }
  if (Object.values(models).every((source) => source === undefined)) {
    throw invalidOption("models", "a chat model, or a model for at least one role");
  }
  return models;
}

/** What a model says of its own abilities, as endpoints do; undefined where it says nothing. */
function capabilitiesOf(model: object): Capabilities | undefined {
  const { capabilities } = model as { capabilities?: unknown };
  const isTold = typeof capabilities === "object" && capabilities !== null && Object.keys(capabilities).length > 0;
  return isTold ? (capabilities as Capabilities) : undefined;
}

/** A chat model's own name for itself: `gpt-x`, or its class of endpoint where it has none. */
function nameOf(model: Exclude<ModelSource, (call: Call) => unknown>): string {
  const named = model as { model?: unknown; modelName?: unknown };
  for (const name of [named.model, named.modelName]) if (typeof name === "string" && name !== "") return name;
  return model._llmType();
}
