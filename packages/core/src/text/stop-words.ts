import type { TextLanguage } from "./text-language.js";

const lists: Partial<Record<TextLanguage, string>> = {
  da: "af alle at blev da de dem den der deres det dette dig din du efter eller en end er et for fra ham han hans har havde hende her hvad hvor i ikke ind jeg jo kan man med men mig min mod nu når og også om op os på sig sin som til ud var ved vi vil",
  de: "aber als am an auch auf aus bei bin bis da das dass dem den der des die doch durch ein eine einem einen einer eines er es für hat hatte ich ihr im in ins ist ja kann man mit nach nicht noch nur ob oder ohne sehr sein seine sich sie sind so über um und uns unter vom von vor war was wenn wer wie wir wird zu zum zur",
  // the 33 of Lucene's EnglishAnalyzer
  en: "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with",
  es: "a al algo como con de del desde donde e el ella ellas ellos en entre era es esa ese eso esta este esto fue ha hasta la las le les lo los más me mi muy ni no nos o para pero por porque que se ser si sin sobre son su sus también te tu un una uno unos y ya",
  fi: "ei eli en että ne hän he ja jo joka jos kun mikä minä mitä mutta myös niin nyt oli olla on ovat se sen siinä sekä tai tämä vaan vai voi",
  fr: "à au aux avec ce ces cette d dans de des du elle en est et eu il ils j je l la le les leur lui m ma mais me mes n ne nous on ou où par pas pour qu que qui s sa se ses son sont sur t ta te tu un une vous y",
  hu: "a az egy és hogy nem is ez meg ha csak de mint már még vagy volt van ki el azt ezt be le fel ami aki lesz sem itt ott",
  it: "a ad al alla alle ai agli anche che chi ci come con da dal dalla dei del della delle di e ed era gli ha i il in io la le lei li lo loro lui ma mi nei nel nella noi non o per più quella questo se si sono su sua suo sul tra un una uno vi",
  ja: "は の を に が と も で です ます た だ て し する した して へ や から まで など ある いる この その",
  nl: "aan al als bij dan dat de der die dit door een en er had heb heeft het hij ik in is je kan maar me men met mij na naar niet nog nu of om onder ook op over te tot uit van voor was wat we wel wij wordt ze zich zij zijn zo",
  no: "alle at av da de deg dem den der det dette du eller en er et etter for fra ham han hans har hun hva hvor i ikke jeg kan man med men meg min mot nå når og også om opp oss på seg sin som til ut var ved vi vil",
  pt: "a à ao aos as às até com como da das de dela dele do dos e é ela ele em entre era essa esse esta este eu foi há isso já lhe mais mas me mesmo na não nas no nos o os ou para pela pelo por qual que quem se sem ser seu sua são só também te um uma",
  ro: "a al ale am ar are au că ce cu cum da de din e ea ei el este eu fi fost i în la le lor lui mai ne nu o pe pentru prin s sa să sau se si și sunt un una unei unui va",
  ru: "а бы был была были было быть в вы да для до его ее если есть еще же за и из или им их к как ко когда кто ли мы на не него нет ни но о об он она они от по при с со так то только ты у уже что это этот я",
  sv: "alla att av blev de dem den denna deras det detta dig din du där efter ej eller en er ett från för ha han hans har hon hur här i icke inte jag kan man med men mig min mot nu när och om oss på sedan sig sin som till under upp ut var vi vid vill över",
  tr: "acaba ama bir bu da daha de değil diye en gibi hem her için ile ise ki mi mu mü mı ne nasıl o olan olarak ve veya ya şu çok",
  zh: "的 了 和 是 在 就 都 而 及 与 與 着 著 或 也 之 这 這 那 我 你 他 她 它 们 們 一个 吗 嗎 呢",
};

/** Words that the analyzer of a language leaves out by default, lower case with their accents; none for Thai, Korean and `und`. */
export function stopWords(language: TextLanguage): readonly string[] {
  return lists[language]?.split(" ") ?? [];
}
