// Builds both packages: modules, one script a language, the inline snippet. Fails when a size that pages are promised
// is exceeded.
import { build, transform } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';

const BANNER_GZIP_MAX = 5 * 1024;
const ADAPTERS_GZIP_MAX = 1.5 * 1024;
const SNIPPET_MAX = 1024;
const SNIPPET_GZIP_MAX = 0.6 * 1024;
/** Values of an ordinary site: they count as well. */
const EXAMPLE = { url: 'https://stats.example.org', siteId: 1 };

/** Style sheets become part of the code, as short as they can be. */
const sheets = {
  name: 'sheets',
  setup: (bundle) => bundle.onLoad({ filter: /\.css$/ }, async ({ path }) => {
    const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true });
    // In custom properties it leaves blanks.
    return { contents: code.trim().replace(/([:,]) | (?=})/g, '$1'), loader: 'text' };
  }),
};
const shared = { bundle: true, minify: true, target: 'es2022', charset: 'utf8', legalComments: 'none', plugins: [sheets] };
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

const loader = await snippetBody();
mkdirSync('dist/inline', { recursive: true });
// `candor snippet` fills it in as well.
writeFileSync('dist/inline/strict-loader.js', loader);

await build({
  ...shared,
  entryPoints: ['index', 'element', 'snippet', 'adapters', ...languages.map((code) => `languages/${code}`)].map((name) => `src/${name}.ts`),
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  define: { SNIPPET: JSON.stringify(loader) },
});

/** A classic script from `contents`, as small as it can be. */
async function script(name, contents, options = {}) {
  const { outputFiles: [{ text }] } = await build({ ...shared, ...options, stdin: { contents, resolveDir: '.' }, format: 'iife', write: false });
  const { code } = await minify(text, { ecma: 2022, compress: { passes: 3 } });
  mkdirSync(dirname(name), { recursive: true });
  writeFileSync(name, code);
}

await Promise.all(languages.map((code) => script(`dist/script/${code}.js`, `
  import { defineConsent } from './src/element.ts';
  import { ${code} } from './src/languages/${code}.ts';
  defineConsent({ ${code} });`)));
await script('dist/script/adapters.js', `export * from './src/adapters.ts'`, { globalName: 'CandorAdapters' });

await build({
  ...shared,
  entryPoints: ['react/src/index.ts'],
  outdir: 'react/dist',
  format: 'esm',
  external: ['react'],
  banner: { js: "'use client';" },
});
/** For pages that have React as `window.React`. */
const pageReact = {
  name: 'page-react',
  setup(bundle) {
    bundle.onResolve({ filter: /^react$/ }, () => ({ path: 'react', namespace: 'page' }));
    bundle.onLoad({ filter: /./, namespace: 'page' }, () => ({ contents: 'module.exports = window.React' }));
  },
};
await script('react/dist/script/react.js', `export * from './react/src/index.ts'`, { globalName: 'CandorReact', plugins: [sheets, pageReact] });

// Each package carries the licence.
for (const folder of ['.', 'react']) copyFileSync('../LICENSE', `${folder}/LICENSE`);

const { strictScript } = await import('./dist/snippet.js');
const snippet = strictScript(EXAMPLE);
limit('strict loader', snippet.length, SNIPPET_MAX);
limit('strict loader, gzipped', gzipped(snippet), SNIPPET_GZIP_MAX);
const banners = languages.map((code) => gzipped(readFileSync(`dist/script/${code}.js`)));
limit('largest banner with one language, gzipped', Math.max(...banners), BANNER_GZIP_MAX);
limit('adapters, gzipped', gzipped(readFileSync('dist/script/adapters.js')), ADAPTERS_GZIP_MAX);
if (tooLarge) process.exit(1);
