/** `license-watcher.products[0].tiers[1]`; without a root, `products[0].tiers[1]`. */
export function pathText(path: readonly PropertyKey[], root = ''): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, root);
}
