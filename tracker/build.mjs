// Bundles the trackers into dist/, the module for bundlers into esm/, and refuses to exceed the sizes that pages are promised.
import { build } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';

/** Entry, file and bytes after `gzip -9`. Matomo's own script takes 21.9 kB. */
const SCRIPTS = [
  { entry: 'src/main.ts', file: 'matomo.js', gzipBytesMax: 10_240 },
  { entry: 'src/lite.ts', file: 'matomo-lite.js', gzipBytesMax: 1_500, compress: { hoist_funs: false } },
];
/** What bundlers import; its types are written by `npm run types`. */
const MODULE = { entryPoints: ['src/index.ts'], outfile: 'esm/index.js', minify: true };
/** Chromium and Edge 85, Firefox 79, Safari 14: all of 2020. */
const TARGET = 'es2021';

const OPTIONS = {
  bundle: true,
  format: 'esm',
  target: TARGET,
  charset: 'utf8',
  // Properties of our own end with `_`: see src/tracker.ts.
  mangleProps: /[a-z]_$/,
};

await build({ ...OPTIONS, ...MODULE });
mkdirSync('dist', { recursive: true });
for (const { entry, file, gzipBytesMax, compress } of SCRIPTS) {
  const bundled = await build({ ...OPTIONS, entryPoints: [entry], write: false });
  // esbuild names and joins less thriftily: 4 % after gzip. One word for all declarations: another 0.3 %.
  const { code } = await minify(bundled.outputFiles[0].text.replace(/\bconst /g, 'let '), {
    ecma: 2020,
    toplevel: true,
    compress: { passes: 4, unsafe_arrows: true, unsafe_methods: true, pure_getters: true, keep_fargs: false, hoist_funs: true, unsafe: true, unsafe_comps: true, unsafe_math: true, ...compress },
    format: { ascii_only: true, comments: false, preamble: '/* Candor, Apache-2.0 */' },
    enclose: true,
  });
  writeFileSync(`dist/${file}`, code);
  const bytes = gzipSync(code, { level: 9 }).length;
  console.log(`dist/${file}: ${code.length} bytes, ${bytes} gzipped`);
  if (bytes > gzipBytesMax) {
    console.error(`${file} is ${bytes - gzipBytesMax} bytes over its budget of ${gzipBytesMax}: make it smaller`);
    process.exitCode = 1;
  }
}
