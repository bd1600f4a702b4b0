// Plugins of the page: objects whose functions add to requests or run when the page is left.
import { isFunction } from './text.ts';

export type Plugin = Record<string, unknown>;

const plugins: Record<string, Plugin> = {};

export const addPlugin = (name: string, plugin: Plugin): void => { plugins[name] = plugin; };

/** Calls one function of every plugin and joins what they return. */
export const askPlugins = (hook: string, what: unknown): string =>
  Object.values(plugins).map((plugin) => (isFunction(plugin[hook]) ? plugin[hook](what) : '') ?? '').join('');
