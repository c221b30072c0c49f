import * as fc from 'fast-check';

/** One failure is enough to kill a mutant, and nobody reads a minimized example of it. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
