/** The page's only style: light and dark by the reader's setting, black on white on paper. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --ink: #1c2128; --dim: #5b6570; --paper: #f6f7f9; --card: #fff; --line: #dde1e6; --soft: #eef1f4; --focus: #1f5fbf;
  --critical: #b3261e; --high: #b84a00; --medium: #7d6000; --low: #52606d; --unknown: #6b4fa0; --good: #1a7345;
  --critical-soft: #fde8e6; --high-soft: #feecdf; --medium-soft: #fbf3d3; --low-soft: #eaeef2; --unknown-soft: #f0eafb; --good-soft: #e2f4ea; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ed; --dim: #98a3af; --paper: #0f1317; --card: #171c22; --line: #2c343d; --soft: #1f262e; --focus: #7ab0ff;
  --critical: #ff8a80; --high: #ffa267; --medium: #e3c04f; --low: #a6b3c0; --unknown: #c3a9f7; --good: #6fd79b;
  --critical-soft: #43191a; --high-soft: #422612; --medium-soft: #383009; --low-soft: #232b34; --unknown-soft: #2c2342; --good-soft: #12331f; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; max-width: 78rem; padding: 1.5rem 1.25rem 3rem; color: var(--ink); background: var(--paper); font: 15px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .2rem 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .8rem; }
h3 { font-size: 1rem; margin: 0; }
h4 { font-size: .78rem; margin: 1rem 0 .2rem; color: var(--dim); text-transform: uppercase; letter-spacing: .05em; }
p { margin: .4rem 0; }
ul, ol { margin: .3rem 0; padding-left: 1.2rem; }
li { margin: .15rem 0; }
.dim, small, footer, caption { color: var(--dim); }
small { font-size: .82rem; }
a, summary, button.link { color: var(--focus); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.hero, .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; border-left: 5px solid var(--line); }
.hero { padding: 1.4rem 1.6rem; }
.lead { font-size: 1.05rem; margin: 0; }
.e-critical { border-left-color: var(--critical); } .e-high { border-left-color: var(--high); } .e-medium { border-left-color: var(--medium); }
.e-low { border-left-color: var(--low); } .e-unknown { border-left-color: var(--unknown); } .e-none { border-left-color: var(--good); }
.hero.e-critical h1 { color: var(--critical); } .hero.e-high h1 { color: var(--high); } .hero.e-medium h1 { color: var(--medium); } .hero.e-none h1 { color: var(--good); }
.notice { margin: .9rem 0 0; padding: .5rem .9rem; border-radius: 8px; background: var(--medium-soft); }
.notice p { margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1.4rem; margin: 1.4rem 0 .2rem; }
.tiles dt { color: var(--dim); font-size: .85rem; }
.tiles dd { margin: 0; } .tiles b { display: block; font-size: 1.45rem; font-weight: 650; line-height: 1.35; } .tiles small { display: block; }
.bar { display: block; width: 100%; height: 8px; border-radius: 4px; margin: .35rem 0; } .track { fill: var(--soft); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0; font-size: .88rem; color: var(--dim); }
.dot { width: .6rem; height: .6rem; margin-right: .4rem; }
svg .s-critical, svg .o-failed { fill: var(--critical); } svg .s-high { fill: var(--high); } svg .s-medium, svg .o-partial { fill: var(--medium); }
svg .s-low, svg .o-skipped { fill: var(--low); } svg .s-unknown { fill: var(--unknown); } svg .s-none, svg .o-complete { fill: var(--good); }
.pill { display: inline-block; padding: 0 .55rem; border-radius: 1rem; font-size: .8rem; font-weight: 600; line-height: 1.55; white-space: nowrap; }
.pill.s-critical, .r-critical { color: var(--critical); background: var(--critical-soft); } .pill.s-high, .r-high { color: var(--high); background: var(--high-soft); }
.pill.s-medium, .r-medium { color: var(--medium); background: var(--medium-soft); } .pill.s-low, .r-low { color: var(--low); background: var(--low-soft); }
.pill.s-unknown, .r-unknown { color: var(--unknown); background: var(--unknown-soft); } .pill.s-none, .r-none { color: var(--good); background: var(--good-soft); }
.card { padding: 1rem 1.3rem 1.1rem; margin: .9rem 0; }
.card > header { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: baseline; } .card > header p { margin: 0 0 0 auto; color: var(--dim); } .card > header b { color: var(--ink); }
.gap { border-left-color: var(--medium); padding: .7rem 1.1rem; } .gap h3 { font-weight: 600; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 0 2rem; }
.columns > div { min-width: 0; }
.reach { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: .7rem 0 0; font-size: .88rem; } .reach div { display: flex; gap: .4rem; } .reach dt { color: var(--dim); } .reach dd { margin: 0; font-weight: 600; }
.w-public { color: var(--critical); } .w-cross-account { color: var(--high); } .w-organization { color: var(--medium); } .w-private { color: var(--good); } .w-unknown { color: var(--unknown); }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin: .7rem 0; }
table { border-collapse: collapse; width: 100%; min-width: 40rem; overflow-wrap: normal; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .6rem .9rem .2rem; font-size: .85rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem; border-bottom: 1px solid var(--line); }
td bdi, td small, td code { overflow-wrap: anywhere; } [data-kind] bdi { overflow-wrap: normal; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--dim); font-weight: 600; font-size: .83rem; white-space: nowrap; }
.num { text-align: right; }
.data td:nth-child(1), .data td:last-child { white-space: nowrap; }
#findings-table td:nth-child(2) { min-width: 11rem; } #findings-table td:nth-child(4) { min-width: 6.5rem; } #findings-table td:nth-child(5) { min-width: 18rem; }
#objects-table td:nth-child(1) { white-space: normal; min-width: 18rem; } #objects-table td:nth-child(2) { white-space: nowrap; }
.matrix { table-layout: fixed; min-width: 36rem; } .matrix th, .matrix td { padding: .3rem .9rem; } .matrix thead th { text-align: center; } .matrix td { border: 2px solid var(--card); border-radius: 6px; text-align: center; font-weight: 700; } .matrix th { border: 0; } .matrix .empty { opacity: .55; }
code, pre { font: .84rem/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; }
pre { white-space: pre-wrap; background: var(--soft); border-radius: 6px; padding: .5rem .7rem; margin: .35rem 0; }
details { margin-top: .2rem; } summary { cursor: pointer; font-size: .85rem; }
.t-new { font-weight: 600; } .t-known, .t-suppressed { color: var(--dim); }
.tools { display: flex; flex-wrap: wrap; gap: .6rem .9rem; align-items: end; margin: .6rem 0; } .tools label { display: grid; gap: .15rem; font-size: .8rem; color: var(--dim); } .tools .search { flex: 1 1 16rem; }
input, select, button { font: inherit; font-size: .9rem; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .35rem .6rem; max-width: 100%; }
.tools input, .tools select { color: var(--ink); } .tools select { max-width: 16rem; }
button { cursor: pointer; } button:disabled { opacity: .45; cursor: default; }
th button, button.link { border: 0; padding: 0; background: none; text-align: inherit; } th button { color: inherit; font-weight: inherit; font-size: inherit; }
th button::after { content: ' \\2195'; opacity: .45; } th[aria-sort=ascending] button::after { content: ' \\2191'; opacity: 1; } th[aria-sort=descending] button::after { content: ' \\2193'; opacity: 1; }
.pager { display: flex; gap: .5rem; margin: .6rem 0; } .count { margin: .2rem 0; }
footer { margin-top: 3rem; font-size: .85rem; }
@media print { :root { color-scheme: light; --ink: #000; --dim: #444; --paper: #fff; --card: #fff; --line: #bbb; --soft: #f2f2f2; --critical: #a00; --high: #943b00; --medium: #6b5200; --low: #444; --unknown: #553b8a; --good: #05602f;
  --critical-soft: #fff; --high-soft: #fff; --medium-soft: #fff; --low-soft: #fff; --unknown-soft: #fff; --good-soft: #fff; }
  html { font-size: 10.5px; } body { max-width: none; padding: 0; font-size: 1rem; } .tools, .pager { display: none !important; }
  .card, tr, .gap { break-inside: avoid; } h2, h3 { break-after: avoid; } thead { display: table-header-group; } .wide { overflow: visible; } .pill { border: 1px solid currentColor; }
  .columns { display: block; } table { min-width: 0; } td, td bdi { overflow-wrap: anywhere; } #findings-table td:nth-child(n), #objects-table td:nth-child(n) { min-width: 0; } th, td { padding: .25rem .4rem; } th button::after { content: ''; } details::details-content { content-visibility: visible; } details > * { display: block; } details > summary { display: none; } svg, .pill { print-color-adjust: exact; } }
`;
