/** One metadata value. Arrays match a filter when one of their elements does. */
export type MetadataValue = string | number | boolean | null | readonly (string | number | boolean)[];

/** What the user says of a source, flat and plain, so that every store can filter by it. */
export type Metadata = Readonly<Record<string, MetadataValue>>;
