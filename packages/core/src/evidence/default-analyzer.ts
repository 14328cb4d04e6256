import { analyzer } from "../text/analyzer.js";
import type { Analyzer } from "../text/analyzer-port.js";

let english: Analyzer | undefined;

/** The English analyzer, made once: its cache of words serves every sentence of a process. */
export function defaultAnalyzer(): Analyzer {
  english ??= analyzer();
  return english;
}
