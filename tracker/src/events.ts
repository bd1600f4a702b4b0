// Events of the global object: `Matomo.on('TrackerSetup', (tracker) => …)`.

type Handler = (...args: unknown[]) => void;

const handlers: Record<string, Handler[] | undefined> = {};

export const addHandler = (event: string, handler: Handler): void => { (handlers[event] ||= []).push(handler); };

export const removeHandler = (event: string, handler: Handler): void => {
  handlers[event] = handlers[event]?.filter((other) => other !== handler);
};

export const trigger = (event: string, args: unknown[] = [], context: unknown = window): void =>
  handlers[event]?.forEach((handler) => handler.apply(context, args));
