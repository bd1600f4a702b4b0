import type { FormEvent, ReactNode } from "react";
import { text } from "../../lib/text";

interface Props {
  title: string;
  action: string;
  busy: boolean;
  onSubmit: (event: FormEvent) => void;
  children: ReactNode;
}

/** The frame of sign-in and set-up. */
export function Door({ title, action, busy, onSubmit, children }: Props) {
  return (
    <main className="door">
      <form onSubmit={onSubmit}>
        <p className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" /> {text("app.name")}
        </p>
        <h1>{title}</h1>
        {children}
        <button type="submit" className="primary" disabled={busy}>
          {action}
        </button>
      </form>
    </main>
  );
}
