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

const hubOnly = ["remoteHost", "revision", "token", "cacheDir", "onProgress"] as const;

/**
 * Finds a model's folder, downloading what the cache lacks.
 *
 * @throws ClewError `invalid-option`, `not-found`, `service-refused`, `storage-failed`, or `failure` for a download that broke off
 */
export async function locateModel(location: ModelLocation, failure: ModelFailure): Promise<LocatedModel> {
  const { dtype = "q8" } = location;
  onnxFile(dtype);
  if (location.folder !== undefined) {
    const given: Readonly<Record<string, unknown>> = { ...location };
    const odd = hubOnly.find((name) => given[name] !== undefined);
    if (odd !== undefined) throw invalidOption(odd, `left out when "folder" is given: nothing is downloaded then`);
    location.signal?.throwIfAborted();
    if (location.folder === "") throw invalidOption("folder", "a path");
    const folder = resolve(location.folder);
    await checkModelFolder(folder, dtype);
    return { folder, model: location.model ?? basename(folder), dtype };
  }
  const folder = await downloadModel({ ...location, dtype, failure });
  return { folder, model: location.model, dtype };
}
