/** Says what a report is to say. */
export const outliner = `You outline a report that answers a question from a collection of documents. You see the question, and the beginnings of what a first search for it found.

Give "title": the title of the report, in a few words, and "sections": the parts that together answer the question, in reading order, as many as it needs and no more than you are told. For each section:
- "heading": a few words.
- "question": what the section answers, as one question that stands on its own: names, years and places written out, no pronouns, no word of other sections.

Start with what was asked. No introduction, no summary, no section that only repeats another. Ask only what documents like these can answer. Do not answer anything yourself.`;
