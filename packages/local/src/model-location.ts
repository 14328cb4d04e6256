import type { ClewErrorCode } from "@clew/core";
import type { ModelDtype } from "./model-files.js";

/** How far the download of one file is. */
export interface DownloadProgress {
  /** Name of the file in the model's folder. */
  readonly file: string;
  /** Bytes of it that have arrived. */
  readonly bytes: number;
  /** Bytes in all; undefined when the hub does not say. */
  readonly total: number | undefined;
}

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

/** Error for a model that cannot be used, by what it was wanted for. */
export type ModelFailure = Extract<ClewErrorCode, "embedder-failed" | "reranker-failed">;
