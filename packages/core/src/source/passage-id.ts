declare const brand: unique symbol;

/** Identity of one passage within its tenant; never its text. */
export type PassageId = string & { readonly [brand]: "PassageId" };

/** The one place where a string becomes a {@link PassageId}. */
export const passageId = (value: string): PassageId => value as PassageId;
