/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

const FOCUSABLE = 'a[href], button, summary, input, select, [tabindex]';

/**
 * Remembers who has the focus below `root`; what it answers with gives it back to what is the same there after drawing anew: who reads by
 * keyboard must not be thrown to the top of the page by what happens by itself.
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

/** A lever keeps its key while its words change. */
function signature(element: HTMLElement): string {
  return (
    element.dataset['key'] ??
    `${element.tagName} ${element.getAttribute('href') ?? ''} ${element.textContent}`
  );
}
