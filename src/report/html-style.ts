/** The page's only style: light and dark by the reader's setting, black on white on paper. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --soft: #f6f8fa; --dim: #57606a;
  --bad: #b42318; --warn: #8a5a00; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --soft: #161b22;
  --dim: #9198a1; --bad: #ff8078; --warn: #e3b341; --good: #56d364; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.1rem; color: var(--dim); margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0; }
h4 { font-size: .9rem; margin: .5rem 0 0; }
.verdict { font-size: 1.35rem; font-weight: 600; margin: .3rem 0; }
.verdict.critical, .verdict.high, .badge.critical, .badge.high { color: var(--bad); }
.verdict.medium, .verdict.unknown, .badge.medium, .badge.unknown, .reasons { color: var(--warn); }
.badge.none, .verdict.none { color: var(--good); }
.badge { border: 1px solid currentColor; border-radius: .3rem; padding: 0 .4rem; font-size: .8rem; font-weight: 600; }
article { border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem; margin: .8rem 0; background: var(--soft); }
ul, ol { margin: .4rem 0; padding-left: 1.3rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
.reach { font-size: .8rem; color: var(--dim); }
.number { text-align: right; white-space: nowrap; }
code, pre { font: .85rem/1.4 ui-monospace, monospace; }
pre { white-space: pre-wrap; background: var(--soft); border: 1px solid var(--line); border-radius: .3rem; padding: .5rem; margin: .3rem 0; }
small, footer { color: var(--dim); }
@media print { :root { --ink: #000; --paper: #fff; --soft: #fff; --dim: #333; --bad: #900; --warn: #630; --good: #060; --line: #999; }
  body { max-width: none; padding: 0; font-size: 11px; } article, tr { break-inside: avoid; } details > * { display: block; } }
`;
