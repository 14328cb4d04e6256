import { type Call, ClewError, invalidOption, type ModelSource, modelId, type ServedModel, servedAs } from "@clew/core";

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
    if (typeof source !== "function") return servedAs(source);
    return source({ ...call, role });
  };
}

/** Tells for which roles a model is named; neither one for everything nor a default is. */
export const namedRoles =
  (models: Models | undefined): ((role: string) => boolean) =>
  (role) =>
    models !== undefined && !isSource(models) && models[role as ModelRole] !== undefined && role !== "default";

/** Ids of the chat models that are known before any call; sources that choose at each call are not among them. */
export function modelIds(models: Models): string[] {
  const sources = isSource(models) ? [models] : Object.values(models);
  return [
    ...new Set(
      sources.flatMap((source) => (source === undefined || typeof source === "function" ? [] : [modelId(source)])),
    ),
  ];
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
