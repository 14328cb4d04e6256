import { basename, resolve } from "node:path";
import { type ClewErrorCode, invalidOption } from "@clew/core";
import { type DownloadProgress, downloadModel } from "./download-model.js";
import { checkModelFolder, type ModelDtype, onnxFile } from "./model-files.js";

/** A model in a folder on this machine. */
export interface FolderModel {
  /** Folder with `config.json`, `tokenizer.json`, `tokenizer_config.json` and `onnx/model….onnx`. */
  folder: string;
  /** Its id, when the folder has another name: families are known by it. @default the folder's name */
  model?: string | undefined;
  /** Precision of the weights. @default "q8" */
  dtype?: ModelDtype | undefined;
  /** Ends the reading of its files. */
  signal?: AbortSignal | undefined;
}

/** A model on a hub, taken from the cache when it is there. */
export interface HubModel {
  /** Its id, `owner/name`. */
  model: string;
  folder?: undefined;
  /** Precision of the weights. @default "q8" */
  dtype?: ModelDtype | undefined;
  /** Web address of the hub, which serves `/{model}/resolve/{revision}/{file}`. @default "https://huggingface.co/" */
  remoteHost?: string | undefined;
  /** Branch, tag or commit; a commit never changes. @default "main" */
  revision?: string | undefined;
  /** Access token for models that need one, sent to `remoteHost` alone. @default none */
  token?: string | undefined;
  /** Folder in which models are kept. @default `clew/models` in the user's cache folder */
  cacheDir?: string | undefined;
  /** Ends a download; nothing unfinished stays behind. */
  signal?: AbortSignal | undefined;
  /** Called with every piece that arrives. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** Where a model is. */
export type ModelLocation = FolderModel | HubModel;

/** A model whose files are all here. */
export interface LocatedModel {
  /** Absolute path. */
  readonly folder: string;
  /** Its id, or the name of its folder. */
  readonly model: string;
  readonly dtype: ModelDtype;
}

/** Error for a model that cannot be used, by what it was wanted for. */
export type ModelFailure = Extract<ClewErrorCode, "embedder-failed" | "reranker-failed">;

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
