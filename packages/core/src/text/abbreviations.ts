const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

/** Words before a full stop that never end a sentence, lower case, without it. */
export const leadingAbbreviations = words(
  "mr mrs ms mx dr prof st gen sen rep gov capt cpt lt col maj sgt cmdr adm rev hon pres supt messrs mme mlle sr. fr vs v cf e.g i.e eg ie al approx ca c fig figs eq eqs sec sect ch chap art vol vols pp p ed eds trans dept univ ave blvd rd mt ft hrn hr nr bzw z.b d.h u.a usw.",
);

/** Words before a full stop that end a sentence only where a {@link sentenceStarters} word follows. */
export const trailingAbbreviations = words(
  "inc ltd corp co llc plc bros jr sr ph.d m.d b.a m.a a.m p.m etc est assn no nos",
);

/** Names of months as they are shortened: no end where a number follows. */
export const monthAbbreviations = words("jan feb mar apr jun jul aug sep sept oct nov dec");

/** Words that, with a capital after an abbreviation, begin a new sentence. */
export const sentenceStarters = words(
  "the a an this that these those it its he she they we you i his her their our in on at as by for from with when while after before during since although though if but and or so however moreover there here what who which why how where many most some all both each no not one two",
);
