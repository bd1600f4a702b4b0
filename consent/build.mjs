// Builds both packages: modules, one script a language, the inline snippet. Fails when a size that pages are promised
// is exceeded.
import { build, transform } from 'esbuild';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BANNER_GZIP_MAX = 5 * 1024;
const SNIPPET_MAX = 1024;
const SNIPPET_GZIP_MAX = 0.6 * 1024;
/** Values of an ordinary site: they count as well. */
const EXAMPLE = { url: 'https://stats.example.org', siteId: 1 };

const shared = { bundle: true, minify: true, target: 'es2020', charset: 'utf8', legalComments: 'none' };
const languages = readdirSync('src/languages').map((file) => file.replace('.ts', ''));
let tooLarge = false;

function limit(what, bytes, max) {
  if (bytes > max) tooLarge = true;
  console.log(`${what}: ${bytes} bytes of at most ${Math.floor(max)}${bytes > max ? ': TOO LARGE' : ''}`);
}
const gzipped = (text) => gzipSync(text, { level: 9 }).length;

/** The loader as one expression: what the bundler makes of it is a function and a call of it. */
async function snippetBody() {
  const { outputFiles: [{ text }] } = await build({ ...shared, entryPoints: ['src/snippet-body.ts'], format: 'esm', write: false });
  const [, parameters, values] = /^function \w+(\([^]*})\w+(\([^()]*\));\s*$/.exec(text);
  return (await transform(`!function${parameters}${values}`, { minify: true, target: 'es2020' })).code.trim().replace(/;$/, '');
}

for (const folder of ['dist', 'react/dist']) rmSync(folder, { recursive: true, force: true });

await build({
  ...shared,
  entryPoints: ['index', 'element', 'snippet', 'adapters', ...languages.map((code) => `languages/${code}`)]
    .map((name) => `src/${name}.ts`).filter((file) => existsSync(file)),
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  define: { SNIPPET: JSON.stringify(await snippetBody()) },
});

/** One language's banner as a classic script. */
await Promise.all(languages.map((code) => build({
  ...shared,
  stdin: {
    contents: `import { defineConsent } from './src/element.ts';
      import { ${code} } from './src/languages/${code}.ts';
      defineConsent({ ${code} });`,
    resolveDir: '.',
  },
  outfile: `dist/script/${code}.js`,
  format: 'iife',
})));

if (existsSync('react/src/index.tsx')) {
  await build({
    ...shared,
    entryPoints: ['react/src/index.tsx'],
    outdir: 'react/dist',
    format: 'esm',
    jsx: 'automatic',
    external: ['react', 'react/jsx-runtime'],
    banner: { js: "'use client';" },
  });
}

const { strictScript } = await import('./dist/snippet.js');
const snippet = strictScript(EXAMPLE);
limit('strict loader', snippet.length, SNIPPET_MAX);
limit('strict loader, gzipped', gzipped(snippet), SNIPPET_GZIP_MAX);
const banners = languages.map((code) => gzipped(readFileSync(`dist/script/${code}.js`)));
limit('largest banner with one language, gzipped', Math.max(...banners), BANNER_GZIP_MAX);
if (tooLarge) process.exit(1);
