// Whether an element can be seen.

/** Whether any of the element lies within a frame; its edges do not count. */
const meets = ({ top, bottom, left, right }: DOMRect, frame: DOMRect): unknown =>
  frame.width && frame.height && top < frame.bottom && bottom > frame.top && left < frame.right && right > frame.left;

/** Not hidden by style, not cut off by what is around it, not beside the page. */
export function isVisible(element: Element): boolean {
  const box = element.getBoundingClientRect();
  // What is not displayed, or not in the page, has no boxes.
  if (!element.getClientRects().length || box.right + scrollX <= 0 || box.bottom + scrollY <= 0) return false;
  for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
    const { visibility, opacity, overflow } = getComputedStyle(at);
    if (visibility === 'hidden' || opacity === '0') return false;
    if (overflow !== 'visible' && at !== document.body && !meets(box, at.getBoundingClientRect())) return false;
  }
  return true;
}

/** Visible, and inside the window now. */
export function isInView(element: Element): boolean {
  const box = element.getBoundingClientRect();
  return isVisible(element) && box.bottom >= 0 && box.right >= 0 && box.top <= innerHeight && box.left <= innerWidth;
}
