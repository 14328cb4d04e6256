/** The one style of the page: no font, no image, dark where the reader prefers it, and fit for paper. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#1b2330;--soft:#566072;--paper:#fbfaf7;--card:#fff;--line:#dcd9d0;--mark:#fff0b8;--wrong:#fbe0dd;--accent:#2a5db0;--good:#176b3a;--bad:#b3261e;--warn:#8a5a00}
@media (prefers-color-scheme:dark){:root{--ink:#e8e9ec;--soft:#a7afbd;--paper:#14171c;--card:#1c2027;--line:#343a45;--mark:#5a4a10;--wrong:#4a2320;--accent:#8ab4f8;--good:#7bd29b;--bad:#ff9d94;--warn:#f0c26a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.6 Charter,"Iowan Old Style",Georgia,serif}
header,main{max-width:46rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}main{padding-bottom:4rem}
h1{font-size:1.75rem;line-height:1.25;margin:.2rem 0 .6rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.4rem 0 .6rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.2rem 0 .3rem;overflow-wrap:anywhere}
p{margin:.5rem 0;overflow-wrap:anywhere}
a{color:var(--accent)}
a:focus-visible,.drop:focus-within{outline:3px solid var(--accent);outline-offset:2px}
.eyebrow,.facts,.place,.result,.fine,dl,.verdict,.hops,.notes,#summary,#given,.badge,.number,.drop,.cite{font-family:system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
.eyebrow{font-size:.75rem;letter-spacing:.09em;text-transform:uppercase;color:var(--soft);margin:0}
.question{color:var(--soft);font-style:italic}
.facts,.place,.fine,.hops,.notes,#given{font-size:.875rem;color:var(--soft)}
.badge{display:inline-block;padding:.05rem .55rem;border:1px solid currentColor;border-radius:99px;font-weight:600}
.answered{color:var(--good)}.partial{color:var(--warn)}.abstained{color:var(--bad)}
.sentence{font-size:1.1rem;white-space:pre-line}
.cite{font-size:.72rem;vertical-align:.35em;text-decoration:none;padding:0 .35rem;border:1px solid var(--line);border-radius:.3rem;background:var(--card)}
.repeat{color:var(--soft);font-style:italic}.repeat .cite{font-style:normal}
.verdict{font-size:.85rem;color:var(--bad)}
.check{background:var(--card);border:1px solid var(--line);border-radius:.8rem;padding:.2rem 1.25rem 1rem;margin-top:2.4rem}
.check h2{margin-top:1rem;border:0;padding:0}
.drop{display:block;border:2px dashed var(--soft);border-radius:.6rem;padding:1.4rem 1rem;text-align:center;cursor:pointer;font-weight:600}
.drop.over{border-color:var(--accent);background:var(--mark)}
.drop input{display:block;width:fit-content;margin:0 auto .5rem;max-width:100%;font:inherit;font-size:.875rem;font-weight:400}
#summary{font-weight:600}
ol.quotes{list-style:none;margin:0;padding:0}
.quote{display:flex;gap:.9rem;padding:1rem 0;border-bottom:1px solid var(--line);scroll-margin-top:1rem}
.quote:target,.source:target{background:var(--card);box-shadow:0 0 0 .6rem var(--card)}
.quote>div{flex:1;min-width:0}
.number{flex:none;width:1.7rem;height:1.7rem;line-height:1.7rem;text-align:center;border-radius:50%;background:var(--line);font-size:.8rem;font-weight:700;margin:.15rem 0 0}
blockquote{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
mark{background:var(--mark);color:inherit;padding:.1em .15em;border-radius:.2em}
.around{color:var(--soft)}
.result{font-size:.875rem;font-weight:600;color:var(--soft);margin:.3rem 0 0}
.result.good,#summary.good{color:var(--good)}.result.bad,#summary.bad{color:var(--bad)}.result.warn,#summary.warn{color:var(--warn)}
.result.good::before{content:"\\2713\\00a0"}.result.bad::before{content:"\\2717\\00a0"}.result.warn::before{content:"!\\00a0"}
.cite.good{color:var(--good);border-color:currentColor}.cite.bad{color:var(--bad);border-color:currentColor;text-decoration:line-through}
.quote.bad mark{background:var(--wrong);box-shadow:inset 0 -.12em var(--bad)}
.quote.good .number{background:var(--good);color:var(--paper)}.quote.bad .number{background:var(--bad);color:var(--paper)}
.source{padding:.2rem 0 .9rem;border-bottom:1px solid var(--line);scroll-margin-top:1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;font-size:.8125rem;margin:.4rem 0}
dt{color:var(--soft)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
.mono{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.78rem}
.hops,.notes,#given{padding-left:1.3rem}.hop{font-weight:600}
@media (max-width:34rem){body{font-size:16px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.35rem}}
@media print{:root{--ink:#000;--soft:#444;--paper:#fff;--card:#fff;--line:#bbb;--mark:#eee;--wrong:#fff;--accent:#000;--good:#000;--bad:#000;--warn:#000}body{font-size:11pt}.drop,#given{display:none}.check{border:0;padding:0}.quote,.source{break-inside:avoid}mark{border-bottom:1px solid #000}}
`;
