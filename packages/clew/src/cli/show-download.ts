import type { DownloadProgress } from "@clew/local";
import type { Terminal } from "./terminal.js";

/** Tells of a model's download on standard error, at each tenth of a file. */
export function showDownload({ say }: Pick<Terminal, "say">): (progress: DownloadProgress) => void {
  let told = "";
  return ({ file, bytes, total }) => {
    const share =
      total === undefined ? `${Math.floor(bytes / 10e6) * 10} MB` : `${Math.floor((10 * bytes) / total) * 10} %`;
    const line = `Downloading ${file}: ${share}`;
    if (line !== told) say(line);
    told = line;
  };
}
