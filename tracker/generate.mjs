// Writes docs/reference/javascript-tracker.md out of reference.mjs; test/reference.test.mjs fails when it is stale.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { GROUPS, LITE, SENDS, nameOf } from './reference.mjs';

export const PAGE = new URL('../docs/reference/javascript-tracker.md', import.meta.url);

const escape = (text) => text.replaceAll('|', '\\|');
const call = ([name, ...args]) => `${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;
const sent = ([calls, parameters]) => `| ${calls.map((one) => `\`${escape(call(one))}\``).join(', ')} | ${parameters.split(/ (?=\w+=)/).map((one) => `\`${escape(one)}\``).join(' ')} |`;
const row = (method) => `| \`${escape(method[0])}\` | ${LITE.includes(nameOf(method)) ? 'yes' : ''} | ${escape(method[1])} |`;

export const page = () => `# What a page may call

Made from \`tracker/reference.mjs\` by \`make gen\`; don't edit.

Each method is a function of a tracker, and a call in \`_paq\`: \`_paq.push(["trackEvent", "Film", "play"])\`. \`?\` marks what
may be left out. *Lite* says whether the small script \`matomo-lite.js\` has it too.

A page view is one request, with the cookies \`_pk_id\` and \`_pk_ses\`, as with Matomo's script, which is twice the size. What it costs
a browser is measured in \`tracker/README.md\`.
${GROUPS.map(({ title, methods }) => `
## ${title}

| method | lite | what it does |
|---|---|---|
${methods.map(row).join('\n')}
`).join('')}
## What calls send

Just before a request leaves, \`Matomo.on('TrackerRequest', (parameters, tracker) => …)\` may change or delete each of its parameters
(\`URLSearchParams\`): see [rules](../../tracker/README.md). \`matomo-lite.js\`
has \`setCustomRequestProcessing\` for it, which there gets and returns the whole request as text.

Beside what every request has (\`idsite\`, \`rec\`, \`url\`, \`_id\` …). The page is \`http://shop.example/page.html\`, titled *Our shop*.

| calls | parameters |
|---|---|
${SENDS.map(sent).join('\n')}
`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(PAGE, page());
