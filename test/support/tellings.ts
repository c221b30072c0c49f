/** A telling of a story with every switch in its first position, but for these. */
export type Telling = Readonly<Record<string, string>>;
type Positions = Readonly<Record<string, readonly [string, ...string[]]>>;

/** How many tellings are drawn, and how many of them a position occurs in: three disjoint ones for each of three positions. */
const TELLINGS = 9;
const OCCURRENCES = 3;

/** Each position but the first, by itself; before them the telling with all in their first. */
export function eachAlone(switches: Positions): readonly Telling[] {
  return [
    {},
    ...Object.entries(switches).flatMap(([name, [, ...others]]) =>
      others.map((at) => ({ [name]: at })),
    ),
  ];
}

/**
 * Ten tellings for all switches: one with all in their first position, and nine in which every other position occurs three times,
 * no two of them in the same three. So none can hide behind another wherever it occurs, and which tellings fail says which
 * position it was.
 */
export function drawn(switches: Positions): readonly Telling[] {
  const load = new Array<number>(TELLINGS).fill(0);
  const tellings = Array.from({ length: TELLINGS }, (): Record<string, string> => ({}));
  let free = triples();
  // Those with most positions first, as they are the hardest to place.
  for (const [name, [, ...others]] of Object.entries(switches).sort(
    ([, a], [, b]) => b.length - a.length,
  )) {
    const weight = (triple: Triple): number =>
      triple.reduce((sum, telling) => sum + load[telling]!, 0);
    const places = disjoint(
      free.toSorted((a, b) => weight(a) - weight(b)),
      others.length,
    );
    if (places === undefined)
      throw new Error(
        `${TELLINGS} tellings have no room left for the ${others.length + 1} positions of ${name}: raise TELLINGS in test/support/tellings.ts`,
      );
    free = free.filter((triple) => !places.includes(triple));
    for (const [index, triple] of places.entries()) {
      for (const telling of triple) {
        load[telling]! += 1;
        tellings[telling]![name] = others[index]!;
      }
    }
  }
  return [{}, ...tellings];
}

/** What the tellings that failed have in common and no other has; nothing: more than one position is at fault, or none. */
export function suspects(
  tellings: readonly Telling[],
  failed: ReadonlySet<Telling>,
): readonly string[] {
  const turned = new Set(
    tellings.flatMap((telling) => Object.keys(telling).map((name) => `${name}=${telling[name]!}`)),
  );
  return [...turned].filter((position) => {
    const [name = '', at = ''] = position.split('=');
    return tellings.every((telling) => (telling[name] === at) === failed.has(telling));
  });
}

/** `name=position,name=position`, as a test's name shows it. */
export function named(text: string): Telling {
  return Object.fromEntries(
    text.split(',').map((each) => {
      const [name = '', position = ''] = each.trim().split('=');
      return [name, position];
    }),
  );
}

export function nameOf(telling: Telling): string {
  const turned = Object.entries(telling).map(([name, position]) => `${name}=${position}`);
  return turned.length === 0 ? 'all in their first position' : turned.join(',');
}

type Triple = readonly number[];

function triples(): readonly Triple[] {
  const all = Array.from({ length: TELLINGS }, (_, telling) => telling);
  const grow = (chosen: Triple): readonly Triple[] =>
    chosen.length === OCCURRENCES
      ? [chosen]
      : all
          .filter((telling) => telling > (chosen.at(-1) ?? -1))
          .flatMap((telling) => grow([...chosen, telling]));
  return grow([]);
}

/** The first `count` of them that have no telling in common: a switch is in one position at a time. */
function disjoint(from: readonly Triple[], count: number): readonly Triple[] | undefined {
  if (count === 0) return [];
  for (const [index, triple] of from.entries()) {
    const others = from
      .slice(index + 1)
      .filter((other) => !other.some((telling) => triple.includes(telling)));
    const rest = disjoint(others, count - 1);
    if (rest !== undefined) return [triple, ...rest];
  }
  return undefined;
}
