import { ClewError, type Embedder, embedderFrom, loadOptional } from "@clew/core";
import { type DownloadProgress, localEmbedder, miniLM } from "@clew/local";

/** Options of {@link chooseEmbedder}. */
export interface ChooseEmbedderOptions {
  /** @default the process's */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of a model's download. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * The embedder that `--embedder` means: `minilm` (in this process, weights included), `none` (lexical search only),
 * `local:ID` (a model of a hub, in this process) or `openai:NAME`.
 *
 * @throws ClewError `invalid-option`, `missing-key`, `missing-package`
 */
export async function chooseEmbedder(
  name: string,
  { environment = process.env, signal, onProgress }: ChooseEmbedderOptions = {},
): Promise<Embedder | undefined> {
  if (name === "none") return undefined;
  if (name === "minilm") return miniLM();
  const [, kind, model] = /^(local|openai):(.+)$/s.exec(name) ?? [];
  if (kind === "local") return localEmbedder({ model: model!, signal, onProgress });
  if (kind === "openai") return openAiEmbedder(model!, environment);
  throw new ClewError(
    "invalid-option",
    `Option --embedder must be minilm, none, local:ID (such as local:BAAI/bge-small-en-v1.5) or openai:NAME, but got "${name}".`,
  );
}

async function openAiEmbedder(
  model: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Embedder> {
  if (!environment.OPENAI_API_KEY) {
    throw new ClewError(
      "missing-key",
      `--embedder openai:${model} needs a key in the environment variable OPENAI_API_KEY. Set it, or leave --embedder out: MiniLM runs in this process.`,
    );
  }
  const { OpenAIEmbeddings } = await loadOptional({
    name: "@langchain/openai",
    neededBy: "clew --embedder openai:…",
    load: () => import("@langchain/openai"),
  });
  // newlines are kept and floats asked for in plain: what is embedded is exactly what is cached
  return embedderFrom(new OpenAIEmbeddings({ model, stripNewLines: false, encodingFormat: "float", maxRetries: 0 }));
}
