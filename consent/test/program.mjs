// A program of somebody who has installed both packages: its files in a folder of its own, checked and bundled there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const FOLDERS = { '@candor/consent': ROOT, '@candor/react': join(ROOT, 'react') };

/** The guide's examples in JavaScript. */
export const examples = [...readFileSync(join(ROOT, '../docs/guide/consent.md'), 'utf8').matchAll(/^```(?:jsx?|tsx)\n([^]*?)^```/gm)].map(([, code]) => code);

/** Runs `work` in the folder of a program with these files. */
export async function withProgram(files, work) {
  const folder = mkdtempSync(join(tmpdir(), 'candor-program-'));
  try {
    mkdirSync(join(folder, 'node_modules/@candor'), { recursive: true });
    const installed = readdirSync(join(ROOT, 'node_modules')).filter((name) => !name.startsWith('.'));
    for (const [name, target] of [...Object.entries(FOLDERS), ...installed.map((name) => [name, join(ROOT, 'node_modules', name)])]) {
      symlinkSync(target, join(folder, 'node_modules', name));
    }
    for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) writeFileSync(join(folder, name), text);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Fails with what the compiler says against `app.tsx`. */
export function check(folder, module = 'ESNext', moduleResolution = 'Bundler') {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { module, moduleResolution, target: 'ES2022', lib: ['ES2022', 'DOM'], jsx: 'react-jsx', strict: true, noEmit: true, types: [] },
    files: ['app.tsx'],
  }));
  try {
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { stdio: 'pipe' });
  } catch (error) {
    assert.fail(String(error.stdout ?? error));
  }
}

/** `app.tsx` as one script. */
export async function bundle(folder) {
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [join(folder, 'app.tsx')], bundle: true, write: false, format: 'iife', jsx: 'automatic', define: { 'process.env.NODE_ENV': '"production"' },
  });
  return text;
}
