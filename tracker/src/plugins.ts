// Plugins of the page: objects whose functions add to requests or run when the page is left.
export type Plugin = Record<string, ((what: unknown) => string | undefined) | undefined>;

const plugins: Record<string, Plugin> = {};

export const addPlugin = (name: string, plugin: Plugin): void => { plugins[name] = plugin; };

/** Calls one function of every plugin and joins what they return. */
export const askPlugins = (hook: string | undefined, what: unknown): string =>
  Object.values(plugins).map((plugin) => plugin[hook!]?.(what) ?? '').join('');
