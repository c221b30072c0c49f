/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

const FOCUSABLE = 'a[href], button, summary, input, select, [tabindex]';

/**
 * Remembers which element below `root` has the focus. After a redraw, the function that it returns gives the focus to the same element: an
 * update must not throw a keyboard user to the top of the page.
 */
export function rememberFocus(root: HTMLElement): () => void {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused === root || !root.contains(focused))
    return () => undefined;
  const [same, place] = [signature(focused), placeOf(root, focused)];
  return () => {
    if (!focused.isConnected) alike(root, same)[place]?.focus({ preventScroll: true });
  };
}

export function keepFocus(root: HTMLElement, draw: () => void): void {
  const giveBack = rememberFocus(root);
  draw();
  giveBack();
}

function placeOf(root: HTMLElement, element: HTMLElement): number {
  return alike(root, signature(element)).indexOf(element);
}

function alike(root: HTMLElement, same: string): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (each) => signature(each) === same,
  );
}

/** Identifies an element by its key, which a lever keeps while its words change, or else by its tag, link and text. */
function signature(element: HTMLElement): string {
  return (
    element.dataset['key'] ??
    `${element.tagName} ${element.getAttribute('href') ?? ''} ${element.textContent}`
  );
}
