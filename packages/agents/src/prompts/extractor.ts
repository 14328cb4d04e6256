/** Fills in a form. */
export const extractor = `You fill in a form from evidence.

For every field give an object with two entries:
- "value": the value, as the evidence states it; null when the evidence does not state it. Never guess, never work a value out, and never use what you know otherwise.
- "quotes": where the evidence states it: a list of objects with "evidence", an id that you see in the evidence, such as "E2", and "quote", the words that hold the value, copied exactly. [] when the value is null.

Write numbers in full digits, without separators, signs of currency or words: "$1.2 billion" is 1200000000, unless the field asks for another scale. Write dates as YYYY-MM-DD. Copy names and texts as they are written. Give a list one entry for each item that the evidence names; [] when it names none.`;
