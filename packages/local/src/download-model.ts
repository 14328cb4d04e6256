import { mkdir, readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ClewError, invalidOption } from "@clew/core";
import { downloadFile } from "./download-file.js";
import { type ModelDtype, onnxFile, textFiles } from "./model-files.js";
import type { HubModel, ModelFailure } from "./model-location.js";

/** Options of {@link downloadModel}. */
export interface DownloadModelOptions extends HubModel {
  dtype: ModelDtype;
  failure: ModelFailure;
}

/**
 * Brings a model's files into the cache, those that are not there yet, one after the other. A file appears under its
 * name only once it is whole, so a download that broke off is taken up where it ended, file by file.
 *
 * @returns the model's folder
 */
export async function downloadModel(options: DownloadModelOptions): Promise<string> {
  const { model, dtype, failure, token, signal, onProgress } = options;
  const { remoteHost = "https://huggingface.co/", revision = "main", cacheDir = defaultCacheDir() } = options;
  if (!isPath(model)) throw invalidOption("model", 'an id such as "BAAI/bge-small-en-v1.5"', model);
  if (!isPath(revision)) throw invalidOption("revision", "a branch, tag or commit", revision);
  const host = webAddress(remoteHost);
  const folder = resolve(cacheDir, ...model.split("/"), revision.replaceAll("/", "--"));

  const bring = async (file: string): Promise<void> => {
    const path = join(folder, file);
    if (await isWhole(path)) return;
    signal?.throwIfAborted();
    await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
      throw new ClewError("storage-failed", `The cache folder ${dirname(path)} cannot be made. Set "cacheDir".`, {
        cause,
      });
    });
    const url = new URL(`${model}/resolve/${encodeURIComponent(revision)}/${file}`, host);
    await downloadFile({ url, path, name: `${model}/${file}`, file, token, failure, signal, onProgress });
  };

  for (const file of textFiles) await bring(file);
  const weights = onnxFile(dtype);
  for (const file of [...(await dataFiles(folder, weights)), weights]) await bring(file);
  return folder;
}

/** The user's cache folder, by the XDG convention. */
export const defaultCacheDir = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "clew", "models");

const isPath = (text: string): boolean =>
  text.split("/").every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part));

function webAddress(remoteHost: string): URL {
  const host = URL.canParse(remoteHost) ? new URL(remoteHost.endsWith("/") ? remoteHost : `${remoteHost}/`) : undefined;
  if (host === undefined || !/^https?:$/.test(host.protocol)) {
    throw invalidOption("remoteHost", "a web address that begins with https:// or http://", remoteHost);
  }
  return host;
}

const isWhole = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile() && stats.size > 0,
    () => false, // not there, or not readable: the download says which
  );

/** Files beside a large model's weights, as its `config.json` announces them. */
async function dataFiles(folder: string, weights: string): Promise<string[]> {
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as {
    "transformers.js_config"?: { use_external_data_format?: boolean | number | Record<string, boolean | number> };
  } | null;
  const format = config?.["transformers.js_config"]?.use_external_data_format;
  const name = weights.slice(weights.lastIndexOf("/") + 1);
  const count = Number((typeof format === "object" ? (format[name] ?? format.model) : format) ?? 0);
  return Array.from({ length: count }, (_, index) => `${weights}_data${index === 0 ? "" : `_${index}`}`);
}
