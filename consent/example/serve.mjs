// Serves the example on http://127.0.0.1:8092 under a strict content security policy; statistics go to CANDOR_URL, the
// site is CANDOR_SITE.
import { build } from 'esbuild';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strictSnippet } from '../dist/snippet.js';

const HERE = new URL('.', import.meta.url);
const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };
const PAGES = { '/': 'index.html', '/react': 'react.html', '/page.css': 'page.css', '/page.js': 'page.js' };

async function reactPage() {
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [fileURLToPath(new URL('react-page.jsx', HERE))], bundle: true, write: false, format: 'iife', jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return text;
}

async function body(path) {
  if (path === '/react-page.js') return reactPage();
  if (/^\/dist\/script\/[a-z]+\.js$/.test(path)) return readFile(new URL(`..${path}`, HERE), 'utf8');
  return PAGES[path] && readFile(new URL(PAGES[path], HERE), 'utf8');
}

/** Resolves once it listens. */
export async function serve({ port, stats, site }) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://here');
    const text = await body(pathname).catch(() => null);
    if (!text) return response.writeHead(404).end('not here');
    const nonce = randomBytes(16).toString('base64');
    const snippet = strictSnippet({ url: stats, siteId: site, nonce });
    response.writeHead(200, {
      'Content-Type': `${TYPES[extname(PAGES[pathname] ?? pathname)]}; charset=utf-8`,
      'Content-Security-Policy': `default-src 'none'; style-src 'self'; script-src 'self' 'nonce-${nonce}' ${stats}; ` +
        `connect-src ${stats}; img-src ${stats}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    });
    response.end(text.replace('<!-- MATOMO_TRACKING_SLOT -->', () => snippet).replaceAll('"STATS"', `"${stats}"`).replaceAll('"SITE"', `"${site}"`));
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stats = process.env.CANDOR_URL ?? 'http://127.0.0.1:8090';
  const server = await serve({ port: Number(process.env.PORT ?? 8092), stats, site: process.env.CANDOR_SITE ?? '1' });
  console.log(`the consent example: http://127.0.0.1:${server.address().port}`);
}
