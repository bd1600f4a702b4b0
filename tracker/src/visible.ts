// Whether an element can be seen.

/** Not hidden by style, not cut off by what is around it, not beside the page. */
export function isVisible(element: Element): boolean {
  if (!element.isConnected) return false;
  const box = element.getBoundingClientRect();
  if (box.right + window.scrollX <= 0 || box.bottom + window.scrollY <= 0) return false;
  for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return false;
    if (style.overflow === 'visible' || at === document.body) continue;
    const frame = at.getBoundingClientRect();
    const isCut = frame.width === 0 || frame.height === 0 || box.top >= frame.bottom || box.bottom <= frame.top ||
      box.left >= frame.right || box.right <= frame.left;
    if (isCut) return false;
  }
  return true;
}

/** Visible, and inside the window now. */
export function isInView(element: Element): boolean {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return isVisible(element) && bottom >= 0 && right >= 0 && top <= innerHeight && left <= innerWidth;
}
