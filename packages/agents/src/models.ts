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

/** A model of which the user says where it runs. */
export interface PlacedModel {
  readonly model: ModelSource;
  /** Whether asking it sends texts to another machine. */
  readonly remote: boolean;
}

/** A writer that was trained on a prompt and a shape of its own; `model` may choose among several. */
export interface FormedModel {
  readonly model: ModelSource;
  readonly form: WriterForm;
  /** Whether asking it sends texts to another machine. @default as `isRemoteModel` of core finds it */
  readonly remote?: boolean | undefined;
}

/** A model for each role; `default` serves the roles that are not named. Writers may bring a form of their own. */
export type RoleModels = {
  readonly [role in ModelRole | "default"]?:
    | ModelSource
    | PlacedModel
    | (role extends "writer" | "repair" ? FormedModel : never)
    | undefined;
};

/** One model for everything, or one for each role. */
export type Models = ModelSource | RoleModels;

/** Chooses the model of a role for one call. */
export type ServeModel = (role: string, call: Call) => Promise<ServedModel>;

/** Roles that another's model serves where they have none of their own. */
export const heirs: Readonly<Record<string, ModelRole>> = { repair: "writer", outliner: "planner" };

/**
 * Makes a function that finds the model of a role. `repair` falls to `writer`, `outliner` to `planner`, and everything to `default`.
 *
 * @throws ClewError `invalid-option` for an unknown role, or something that is no model
 */
export function serveModels(models: Models): ServeModel {
  const roles = isSource(models) ? { default: models } : checkRoles(models);
  return async (role, call) => {
    const source = sourceOf(roles, role);
    if (source === undefined) {
      throw new ClewError(
        "invalid-option",
        `There is no model for the role "${role}": give models.${role} or models.default.`,
      );
    }
    const { model, form, remote } = source;
    const served = typeof model === "function" ? await model({ ...call, role }) : servedAs(model);
    return {
      ...served,
      ...(form === undefined ? {} : { form }),
      ...(remote === undefined ? {} : { remote }),
    };
  };
}

/** The model of a role, with what the user says of it; undefined where there is none. */
export function sourceOf(
  models: Models,
  role: string,
): (Partial<FormedModel> & Pick<FormedModel, "model">) | undefined {
  const roles = isSource(models) ? { default: models } : models;
  const source = roles[role as ModelRole] ?? roles[heirs[role] ?? "default"] ?? roles.default;
  return source === undefined || !isSource(source) ? source : { model: source };
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
        const model = source === undefined || isSource(source) ? source : source.model;
        return model === undefined || typeof model === "function" ? [] : [modelId(model)];
      }),
    ),
  ];
}

const isSource = (value: unknown): value is ModelSource =>
  typeof value === "function" || (typeof value === "object" && value !== null && "invoke" in value);

const isPlaced = (value: Partial<PlacedModel>): value is PlacedModel =>
  typeof value === "object" &&
  value !== null &&
  value.model !== undefined &&
  isSource(value.model) &&
  (value.remote === undefined || typeof value.remote === "boolean") &&
  Object.keys(value).every((key) => ["model", "remote", "form"].includes(key));

const isFormed = (value: Partial<FormedModel>): value is FormedModel =>
  isPlaced(value as Partial<PlacedModel>) &&
  typeof value.form?.render === "function" &&
  typeof value.form.id === "string";

function checkRoles(models: RoleModels): RoleModels {
  const known: readonly string[] = [...modelRoles, "default"];
  if (typeof models !== "object" || models === null)
    throw invalidOption("models", "a chat model or a model for each role");
  for (const [role, source] of Object.entries(models)) {
    if (!known.includes(role)) throw invalidOption(`models.${role}`, `one of the roles ${known.join(", ")}`);
    if (source === undefined || isSource(source)) continue;
    if (isPlaced(source as Partial<PlacedModel>) && "remote" in source && !("form" in source)) continue;
    if (role !== "writer" && role !== "repair") {
      throw invalidOption(`models.${role}`, "a chat model, a function, or { model, remote }");
    }
    if (!isFormed(source)) {
      throw invalidOption(`models.${role}`, "a chat model, a function, or { model, form } with a form of a writer");
    }
  }
  if (Object.values(models).every((source) => source === undefined)) {
    throw invalidOption("models", "a chat model, or a model for at least one role");
  }
  return models;
}
