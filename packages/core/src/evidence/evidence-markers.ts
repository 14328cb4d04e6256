const markers = /\s?[[(]\s*E\d+(?:\s*[,;]\s*E\d+)*\s*[\])]/g;

/** A sentence without the evidence ids that writers put into its text: `[E1]`, `(E1, E2)`. They are no part of what it claims. */
export const withoutMarkers = (sentence: string): string => sentence.replace(markers, "");
