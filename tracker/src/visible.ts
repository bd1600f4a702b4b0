// Whether an element can be seen.

/** Not hidden by style, not cut off by what is around it, not beside the page. */
export function isVisible(element: Element): boolean {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  if (!element.isConnected || right + scrollX <= 0 || bottom + scrollY <= 0) return false;
  for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
    const { display, visibility, opacity, overflow } = getComputedStyle(at);
    if (display === 'none' || visibility === 'hidden' || opacity === '0') return false;
    if (overflow === 'visible' || at === document.body) continue;
    const frame = at.getBoundingClientRect();
    if (!frame.width || !frame.height || top >= frame.bottom || bottom <= frame.top || left >= frame.right || right <= frame.left) return false;
  }
  return true;
}

/** Visible, and inside the window now. */
export function isInView(element: Element): boolean {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return isVisible(element) && bottom >= 0 && right >= 0 && top <= innerHeight && left <= innerWidth;
}
