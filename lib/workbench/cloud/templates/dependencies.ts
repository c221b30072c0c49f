import { references, TemplateError } from '../../../seller/approval/intrinsics.ts';
import type { ResourceDeclaration } from './template.ts';

/** The logical IDs, each after all that it depends on; otherwise in the template's order. */
export function creationOrder(resources: Readonly<Record<string, ResourceDeclaration>>): string[] {
  const ordered: string[] = [];
  const open = new Set<string>();
  const visit = (id: string): void => {
    if (ordered.includes(id)) return;
    if (open.has(id))
      throw new TemplateError(`Circular dependency between resources: [${[...open].join(', ')}]`);
    open.add(id);
    for (const needed of dependenciesOf(id, resources)) visit(needed);
    open.delete(id);
    ordered.push(id);
  };
  for (const id of Object.keys(resources)) visit(id);
  return ordered;
}

function dependenciesOf(
  id: string,
  resources: Readonly<Record<string, ResourceDeclaration>>,
): string[] {
  const declared = resources[id]?.DependsOn ?? [];
  const explicit = typeof declared === 'string' ? [declared] : declared;
  const unknown = explicit.find((name) => !Object.hasOwn(resources, name));
  if (unknown !== undefined)
    throw new TemplateError(`Template format error: Unresolved resource dependencies [${unknown}]`);
  return [
    ...explicit,
    ...[...references(resources[id]?.Properties)].filter((name) => Object.hasOwn(resources, name)),
  ];
}
