/** For each step of settling when the caller waits to stop: with the wait for Complete no more than ten seconds. */
export const HURRIED_MS = 2_500;
/** How long an object may be taken back or removed once the caller has given up, in milliseconds. */
export const HURRIED_REMOVAL_MS = 5_000;
