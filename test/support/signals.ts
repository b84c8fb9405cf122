/** For runs that nobody ends early. */
export const NEVER: AbortSignal = new AbortController().signal;
