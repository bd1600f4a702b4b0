import type { MouseEvent, ReactNode } from "react";
import { printScope, type Scope, useScope } from "../lib/scope";

interface Props {
  /** What differs from what is shown now. */
  to: Partial<Scope>;
  current?: boolean;
  className?: string;
  children: ReactNode;
}

/** A link to another view: opens here without a reload, and in a new tab where that is asked for. */
export function PageLink({ to, current = false, className, children }: Props) {
  const [scope, change] = useScope();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    change(to);
  };
  return (
    <a
      href={printScope({ ...scope, ...to }) || "/"}
      className={className}
      aria-current={current ? "page" : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}
