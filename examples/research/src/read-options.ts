import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** What the command line says. */
export interface Options {
  /** Documents to research in. */
  readonly folder: string;
  readonly isSample: boolean;
  readonly port: number;
  readonly host: string;
  /** Address of a SearXNG-like web search. */
  readonly web?: string | undefined;
  /** `kind:url#name` of a served model. */
  readonly model?: string | undefined;
  /** Folder of the record; false: none is kept. @default beside the index */
  readonly record?: string | false | undefined;
  /** Longest time for a report, in seconds. */
  readonly seconds: number;
}

export const usage = `Usage: npm start -- [./my-folder] [options]

  --model KIND:URL#NAME   a served model that writes, such as vllm:http://gpu:8000/v1#my-model (default: quotes alone)
  --web URL               a SearXNG instance, to search the web beside your documents (default: no web)
  --record FOLDER         keeps the record of each report and what is said of it there (default: .clew-record beside your documents)
  --no-record             keeps none
  --port NUMBER           (default: 4173; 0 for any that is free)
  --host ADDRESS          (default: 127.0.0.1, this machine alone)
  --seconds NUMBER        longest time for a report (default: 300)`;

/** Reads the command line. @throws Error that says what is wrong, and the usage */
export function readOptions(words: readonly string[]): Options {
  const { values, positionals } = parse(words);
  if (positionals.length > 1) throw new Error(`One folder at most.\n\n${usage}`);
  const [folder] = positionals;
  if (values.record !== undefined && values["no-record"])
    throw new Error(`Either --record or --no-record.\n\n${usage}`);
  const record = values["no-record"] ? false : values.record;
  return {
    folder: folder ?? fileURLToPath(new URL("../sample/wikipedia", import.meta.url)),
    isSample: folder === undefined,
    port: number("--port", values.port, 0, 65_535),
    host: values.host,
    seconds: number("--seconds", values.seconds, 1, 86_400),
    ...(record === undefined ? {} : { record }),
    ...(values.web === undefined ? {} : { web: values.web }),
    ...(values.model === undefined ? {} : { model: values.model }),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        model: { type: "string" },
        web: { type: "string" },
        record: { type: "string" },
        "no-record": { type: "boolean", default: false },
        port: { type: "string", default: "4173" },
        host: { type: "string", default: "127.0.0.1" },
        seconds: { type: "string", default: "300" },
      },
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`, { cause: error });
  }
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}, but got "${text}".\n\n${usage}`);
}
