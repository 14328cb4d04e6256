import {
  type Call,
  ClewError,
  invalidOption,
  type ModelSource,
  modelId,
  type ServedModel,
  servedAs,
  type WriterForm,
} from "@clew/core";

/** Roles that the policies of this package ask models for. */
export const modelRoles = ["router", "planner", "grader", "writer", "repair", "judge", "outliner"] as const;

/** A role for which a model is wanted. */
export type ModelRole = (typeof modelRoles)[number];

/** A writer that was trained on a prompt and a shape of its own; `model` may choose among several. */
export interface FormedModel {
  readonly model: ModelSource;
  readonly form: WriterForm;
}

/** A model for each role; `default` serves the roles that are not named. Writers may bring a form of their own. */
export type RoleModels = {
  readonly [role in ModelRole | "default"]?:
    | ModelSource
    | (role extends "writer" | "repair" ? FormedModel : never)
    | undefined;
};

/** One model for everything, or one for each role. */
export type Models = ModelSource | RoleModels;

/** Chooses the model of a role for one call. */
export type ServeModel = (role: string, call: Call) => Promise<ServedModel>;

/** Roles that another's model serves where they have none of their own. */
const heirs: Readonly<Record<string, ModelRole>> = { repair: "writer", outliner: "planner" };

/**
 * Makes a function that finds the model of a role. `repair` falls to `writer`, `outliner` to `planner`, and everything to `default`.
 *
 * @throws ClewError `invalid-option` for an unknown role, or something that is no model
 */
export function serveModels(models: Models): ServeModel {
  const roles = isSource(models) ? { default: models } : checkRoles(models);
  return async (role, call) => {
    const source = roles[role as ModelRole] ?? roles[heirs[role] ?? "default"] ?? roles.default;
    if (source === undefined) {
      throw new ClewError(
        "invalid-option",
        `There is no model for the role "${role}": give models.${role} or models.default.`,
      );
    }
    const { model, form } = "form" in source ? source : { model: source, form: undefined };
    const served = typeof model === "function" ? await model({ ...call, role }) : servedAs(model);
    return form === undefined ? served : { ...served, form };
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
      sources.flatMap((source) => {
        const model = source !== undefined && "form" in source ? source.model : source;
        return model === undefined || typeof model === "function" ? [] : [modelId(model)];
      }),
    ),
  ];
}

const isSource = (value: unknown): value is ModelSource =>
  typeof value === "function" || (typeof value === "object" && value !== null && "invoke" in value);

const isFormed = (value: Partial<FormedModel>): value is FormedModel =>
  typeof value === "object" &&
  value !== null &&
  value.model !== undefined &&
  isSource(value.model) &&
  typeof value.form?.render === "function" &&
  typeof value.form.id === "string";

function checkRoles(models: RoleModels): RoleModels {
  const known: readonly string[] = [...modelRoles, "default"];
  if (typeof models !== "object" || models === null)
    throw invalidOption("models", "a chat model or a model for each role");
  for (const [role, source] of Object.entries(models)) {
    if (!known.includes(role)) throw invalidOption(`models.${role}`, `one of the roles ${known.join(", ")}`);
    if (source === undefined || isSource(source)) continue;
    if (role !== "writer" && role !== "repair") throw invalidOption(`models.${role}`, "a chat model or a function");
    if (!isFormed(source)) {
      throw invalidOption(`models.${role}`, "a chat model, a function, or { model, form } with a form of a writer");
    }
  }
  if (Object.values(models).every((source) => source === undefined)) {
    throw invalidOption("models", "a chat model, or a model for at least one role");
  }
  return models;
}
