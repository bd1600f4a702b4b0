// Plugins of the page: objects whose functions add to requests or run when the page is left.
import { isFunction } from './text.ts';

export type Plugin = Record<string, unknown>;

const plugins: Record<string, Plugin> = {};

export const addPlugin = (name: string, plugin: Plugin): void => { plugins[name] = plugin; };

/** Calls one function of every plugin and joins what they return. */
export function askPlugins(hook: string, what: unknown): string {
  return Object.keys(plugins).map((name) => {
    const ask = plugins[name][hook];
    const said: unknown = isFunction(ask) ? (ask as (what: unknown) => unknown).call(plugins[name], what) : undefined;
    return said === undefined || said === null ? '' : String(said);
  }).join('');
}
