/** For each step of settling when the caller waits to stop: with the wait for Complete no more than ten seconds. */
export const HURRIED_MS = 2_500;
