/** A relation that questions ask for, and the words by which sentences state it. */
interface Relation {
  readonly asked: RegExp;
  readonly told: RegExp;
}

const w = (words: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`, "iu");

const relations: readonly Relation[] = [
  // a life in brackets: "(18 January 1866 – 1939)"
  {
    asked: w("born|birth|birthday|birthplace|birthdate|younger|older|oldest|youngest"),
    told: /(?<![\p{L}])(?:born|birth|birthplace|née|native of|raised)(?![\p{L}])|\(\s*(?:c\.\s*)?\d/iu,
  },
  {
    asked: w("die|died|dies|death|dead|deceased|killed|lived longer"),
    told: /(?<![\p{L}])(?:die[ds]?|death|killed|executed|murdered|assassinated|suicide|drowned)(?![\p{L}])|\d\s*[–—-]\s*(?:c\.\s*)?\d/iu,
  },
  { asked: w("buried|burial|grave"), told: w("buried|burial|interred|entombed|grave|cemetery|tomb") },
  {
    asked: w("father|mother|parents?|grand(?:father|mother|parents?)|child|children|son|daughter|sons|daughters"),
    told: w("son|daughter|sons|daughters|father|mother|child|children|eldest|parents?|born to|grand\\p{L}+"),
  },
  { asked: w("siblings?|brothers?|sisters?"), told: w("siblings?|brothers?|sisters?|son|daughter|twin") },
  {
    asked: w(
      "spouse|wife|husband|married|marry|stepmother|stepfather|(?:mother|father|son|daughter|brother|sister)-in-law",
    ),
    told: w("spouse|wife|husband|married|marry|marriage|consort|widow|widower|partner|wed|divorced|couple"),
  },
  {
    asked: w("country|nationality|citizenship|nation"),
    told: /(?<![\p{L}])(?:is|was|an?|the|of|in)\s+(?:\p{L}+[ -])?\p{Lu}\p{L}+(?:ish|ian|ese|can|an|ch|ic|i)(?![\p{L}])|(?<![\p{L}])(?:nationality|citizen|country|republic|kingdom)(?![\p{L}])/u,
  },
  {
    asked: w("awards?|prizes?|won|win|wins|honou?rs?"),
    told: w(
      "awards?|awarded|prizes?|won|winner|winning|medals?|hall of fame|honou?red|honou?rs?|knighted|nominated|received|order of",
    ),
  },
  {
    asked: w("stud(?:y|ied)|educated|education|alma mater|graduate[ds]?|attend(?:ed)?|college|university"),
    told: w(
      "stud(?:y|ied|ies)|educated|graduate[ds]?|graduating|attended|university|college|school|degree|alumn\\p{L}+|doctorate",
    ),
  },
  {
    asked: w("work(?:s|ed)?|employ(?:er|ed)|profession|occupation|job"),
    told: w("work(?:s|ed|ing)?|employed|professor|joined|taught|teaches|position|staff|lecturer|faculty|career"),
  },
  { asked: w("direct(?:or|ors|ed|s)"), told: w("direct(?:or|ed|s|ing)") },
  {
    asked: w("perform(?:er|ers|ed|s)|singer|sang|sings|sung|artist|recorded"),
    told: w("perform(?:ed|s|ance)|singer|songwriter|sung|recorded|recording|album|single|rapper|band|musician|duo"),
  },
  { asked: w("compos(?:er|ed|es)"), told: w("compos(?:er|ed|es|ition)|music|score[ds]?|written by") },
  {
    asked: w("author|wrote|writer|written|writes"),
    told: w("author|wrote|writer|written|novel|novelist|book|writes|penned|published"),
  },
  {
    asked: w("star(?:s|red|ring)?|play(?:s|ed)|actor|actress|cast|portray(?:s|ed)|role|voice[ds]?"),
    told: w("star(?:s|red|ring)?|play(?:s|ed)|actor|actress|cast|portray(?:s|ed)|role|voice[ds]?|featur(?:es|ed|ing)"),
  },
  {
    asked: w(
      "found(?:er|ers|ed|s)?|establish(?:ed|es)?|creat(?:or|ed|es)|started|formed|inception|established first|began",
    ),
    told: w(
      "found(?:er|ers|ed|ing)|co-?found(?:er|ed)|establish(?:ed|es|ment)|creat(?:or|ed|es)|started|formed|opened|launched|began",
    ),
  },
  {
    asked: w("own(?:s|ed|er|ers)|bought|acquired|parent company|buy"),
    told: w("own(?:s|ed|er|ers)|bought|acquired|acquisition|subsidiary|parent|sold|purchased|division of"),
  },
  {
    asked: w("publish(?:er|ed|es)|released?|publication|came out|produced|producer|produces|made"),
    told: w("publish(?:er|ed|es)|released?|produced|producer|production|premiered|issued"),
  },
  {
    asked: w(
      "locat(?:ed|ion)|where|place|city|town|county|state|borough|district|province|region|headquarter(?:s|ed)|based",
    ),
    told: w(
      "locat(?:ed|ion)|situated|based|lies|city|town|county|state|borough|district|province|region|headquarter(?:s|ed)|capital",
    ),
  },
  {
    asked: w("populations?|inhabitants|how many people|residents"),
    told: w("populations?|inhabitants|residents|census|people"),
  },
  { asked: w("capital"), told: w("capital|seat") },
  { asked: w("border(?:s|ed|ing)?"), told: w("border(?:s|ed|ing)?|adjacent|neighbou?r\\p{L}*|north|south|east|west") },
  { asked: w("teams?|club"), told: w("teams?|club|league|plays|signed|drafted|roster") },
  { asked: w("member|members|band|group"), told: w("members?|band|group|joined|vocalist|guitarist|drummer|lineup") },
  {
    asked: w("president|leader|governor|mayor|king|queen|ruler|prime minister|head|emperor"),
    told: w(
      "president|leader|led|governor|mayor|king|queen|rul(?:ed|er)|prime minister|head|emperor|elected|reign(?:ed)?",
    ),
  },
  {
    asked: w("named after|name(?:d|sake)?|nickname[ds]?|called|known as"),
    told: w("named|name|nickname[ds]?|called|known as|eponym\\p{L}*|a\\.k\\.a|alias"),
  },
];

/** A relation that a question asks for. */
export interface RelationCue {
  /** Whether a sentence states it, as far as words tell. */
  readonly told: RegExp;
}

/** The relations that a question asks for, as far as its words tell. English. */
export const relationCues = (question: string): readonly RelationCue[] =>
  relations.filter(({ asked }) => asked.test(question));
