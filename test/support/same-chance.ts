import * as fc from 'fast-check';

/** What kills a mutant once kills it always, and nobody reads the smallest example of how. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
