import * as fc from 'fast-check';

/**
 * The tests try the same examples every time, so that the author of a fault finds it. `SEED=1 npm test` tries others, and so does
 * `npm run histories`.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['SEED'] ?? 8) });

export * from 'fast-check';
