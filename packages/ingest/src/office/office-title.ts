import type { ZipArchive } from "./open-zip.js";
import { findElements, textOf, xmlTree } from "./xml-tree.js";

/** The title in an Office file's core properties; undefined when there is none. */
export async function officeTitle(zip: ZipArchive): Promise<string | undefined> {
  const xml = await zip.text("docProps/core.xml");
  const title = xml === undefined ? undefined : findElements(xmlTree(xml), "title")[0];
  return title === undefined ? undefined : textOf(title);
}
