import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  wide?: boolean;
  children: ReactNode;
}

/** A titled region of a page. */
export function Card({ title, wide = false, children }: Props) {
  const id = useId();
  return (
    <section className={wide ? "card wide" : "card"} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}
