import * as fc from 'fast-check';

/** What kills a mutant once kills it always, and nobody reads the smallest example of how. */
fc.configureGlobal({ seed: 8, endOnFailure: true });
