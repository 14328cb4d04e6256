import { ClewError } from "@clew/core";
import type { ReadLine } from "../datasets/read-lines.js";

/** The columns of a line, separated by white space. */
export function trecColumns({ line, where }: ReadLine, names: readonly string[]): string[] {
  const columns = line.trim().split(/\s+/);
  if (columns.length !== names.length) {
    throw new ClewError(
      "unreadable-source",
      `${where}: expected ${names.length} columns (${names.join(", ")}), but found ${columns.length}.`,
    );
  }
  return columns;
}

/** A column as a finite number, written in decimals. */
export function trecNumber(name: string, value: string, where: string): number {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value) || !Number.isFinite(Number(value))) {
    throw new ClewError("unreadable-source", `${where}: the ${name} "${value}" is not a finite number.`);
  }
  return Number(value);
}
