import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  wide?: boolean;
  /** A remark beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled region of a page. */
export function Card({ title, wide = false, aside, children }: Props) {
  const id = useId();
  return (
    <section className={wide ? "card wide" : "card"} aria-labelledby={id}>
      <header>
        <h3 id={id}>{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  );
}
