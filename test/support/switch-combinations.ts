/** A combination of switch positions: every switch is in its first position, except these. */
export type SwitchCombination = Readonly<Record<string, string>>;
type Positions = Readonly<Record<string, readonly [string, ...string[]]>>;

/** The number of combinations, and in how many of them a position occurs: disjoint triples for up to three positions of a switch. */
const COMBINATIONS = 9;
const OCCURRENCES = 3;

/** The combination with all switches in their first position, and then each other position by itself. */
export function eachAlone(switches: Positions): readonly SwitchCombination[] {
  return [
    {},
    ...Object.entries(switches).flatMap(([name, [, ...others]]) =>
      others.map((at) => ({ [name]: at })),
    ),
  ];
}

/**
 * Ten combinations for all switches: one with all in their first position, and nine in which every other position occurs three times,
 * no two of them in the same three. So no position can always hide behind another, and the set of failed combinations shows which
 * position is at fault.
 */
export function drawn(switches: Positions): readonly SwitchCombination[] {
  const load = new Array<number>(COMBINATIONS).fill(0);
  const combinations = Array.from({ length: COMBINATIONS }, (): Record<string, string> => ({}));
  let free = triples();
  // Switches with the most positions come first, because they are the hardest to place.
  for (const [name, [, ...others]] of Object.entries(switches).sort(
    ([, a], [, b]) => b.length - a.length,
  )) {
    const weight = (triple: Triple): number =>
      triple.reduce((sum, combination) => sum + load[combination]!, 0);
    const places = disjoint(
      free.toSorted((a, b) => weight(a) - weight(b)),
      others.length,
    );
    if (places === undefined)
      throw new Error(
        `${COMBINATIONS} combinations have no place left for the ${others.length + 1} positions of ${name}: raise COMBINATIONS in test/support/switch-combinations.ts`,
      );
    free = free.filter((triple) => !places.includes(triple));
    for (const [index, triple] of places.entries()) {
      for (const combination of triple) {
        load[combination]! += 1;
        combinations[combination]![name] = others[index]!;
      }
    }
  }
  return [{}, ...combinations];
}

/** The positions that all failed combinations have and no other has; empty if no position, or more than one, is at fault. */
export function suspects(
  combinations: readonly SwitchCombination[],
  failed: ReadonlySet<SwitchCombination>,
): readonly string[] {
  const turned = new Set(
    combinations.flatMap((combination) =>
      Object.keys(combination).map((name) => `${name}=${combination[name]!}`),
    ),
  );
  return [...turned].filter((position) => {
    const [name = '', at = ''] = position.split('=');
    return combinations.every(
      (combination) => (combination[name] === at) === failed.has(combination),
    );
  });
}

/** Reads a combination from a test's name: `name=position,name=position`. */
export function named(text: string): SwitchCombination {
  return Object.fromEntries(
    text.split(',').map((each) => {
      const [name = '', position = ''] = each.trim().split('=');
      return [name, position];
    }),
  );
}

export function nameOf(combination: SwitchCombination): string {
  const turned = Object.entries(combination).map(([name, position]) => `${name}=${position}`);
  return turned.length === 0 ? 'all in their first position' : turned.join(',');
}

type Triple = readonly number[];

function triples(): readonly Triple[] {
  const all = Array.from({ length: COMBINATIONS }, (_, combination) => combination);
  const grow = (chosen: Triple): readonly Triple[] =>
    chosen.length === OCCURRENCES
      ? [chosen]
      : all
          .filter((combination) => combination > (chosen.at(-1) ?? -1))
          .flatMap((combination) => grow([...chosen, combination]));
  return grow([]);
}

/** The first `count` triples without a common combination: a switch can be in only one position at a time. */
function disjoint(from: readonly Triple[], count: number): readonly Triple[] | undefined {
  if (count === 0) return [];
  for (const [index, triple] of from.entries()) {
    const others = from
      .slice(index + 1)
      .filter((other) => !other.some((combination) => triple.includes(combination)));
    const rest = disjoint(others, count - 1);
    if (rest !== undefined) return [triple, ...rest];
  }
  return undefined;
}
