import { basename, resolve } from "node:path";
import { invalidOption } from "@clew/core";
import { downloadModel } from "./download-model.js";
import { checkModelFolder, type ModelDtype, onnxFile } from "./model-files.js";
import type { ModelFailure, ModelLocation } from "./model-location.js";

/** A model whose files are all here. */
export interface LocatedModel {
  /** Absolute path. */
  readonly folder: string;
  /** Its id, or the name of its folder. */
  readonly model: string;
  readonly dtype: ModelDtype;
}

/**
 * A model's id, or the name of its folder.
 *
 * @throws ClewError `invalid-option` when the caller names neither
 */
export function modelName({ model, folder }: ModelLocation): string {
  if (model !== undefined) return model;
  if (typeof folder === "string" && folder !== "") return basename(resolve(folder));
  throw invalidOption("model", 'an id such as "BAAI/bge-small-en-v1.5", or "folder" the path of a model', folder);
}

const hubOnly = ["remoteHost", "revision", "token", "cacheDir", "onProgress"] as const;

/**
 * Finds a model's folder, downloading what the cache lacks.
 *
 * @throws ClewError `invalid-option`, `not-found`, `service-refused`, `storage-failed`, or `failure` for a download that broke off
 */
export async function locateModel(location: ModelLocation, failure: ModelFailure): Promise<LocatedModel> {
  const { dtype = "q8" } = location;
  onnxFile(dtype);
  const model = modelName(location);
  if (location.folder !== undefined) {
    const given: Readonly<Record<string, unknown>> = { ...location };
    const odd = hubOnly.find((name) => given[name] !== undefined);
    if (odd !== undefined) throw invalidOption(odd, `left out when "folder" is given: nothing is downloaded then`);
    location.signal?.throwIfAborted();
    const folder = resolve(location.folder);
    await checkModelFolder(folder, dtype);
    return { folder, model, dtype };
  }
  const folder = await downloadModel({ ...location, dtype, failure });
  return { folder, model, dtype };
}
