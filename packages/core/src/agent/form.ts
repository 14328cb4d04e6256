/** What a leaf of a form holds. */
export type FieldKind = "text" | "number" | "date" | "boolean" | "choice";

/** The value of a field. */
export type FieldValue = string | number | boolean;

interface FormPart {
  /** What it is, in the words of the schema's own description. */
  readonly about?: string | undefined;
  /** It may be null. */
  readonly nullable?: true | undefined;
  /** It may be left out. */
  readonly optional?: true | undefined;
}

/** One field to fill in. */
export interface LeafForm extends FormPart {
  readonly kind: FieldKind;
  /** The values that it may have, of a `choice`. */
  readonly choices?: readonly FieldValue[] | undefined;
}

/** Fields under names. */
export interface ObjectForm extends FormPart {
  readonly kind: "object";
  readonly fields: Readonly<Record<string, Form>>;
}

/** Any number of equal parts. */
export interface ListForm extends FormPart {
  readonly kind: "list";
  readonly of: Form;
}

/** The shape of a structured answer, as plain JSON: what is left of a schema when its code is taken away. */
export type Form = LeafForm | ObjectForm | ListForm;
