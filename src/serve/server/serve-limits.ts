/** How long a client may take to send a request; one that drips it in holds a connection for nothing. Milliseconds. */
export const REQUEST_TIME_MS = 15_000;

/** How long a connection is kept for another request. Milliseconds. */
export const IDLE_TIME_MS = 10_000;

/** How long a client may take nothing of what is there for it. A download that was cut by it can be resumed. Milliseconds. */
export const STALL_TIME_MS = 300_000;

/** More are refused at once: each may hold some MiB and a few files open. */
export const MOST_CONNECTIONS = 1024;

/** How long downloads may go on when the server is stopped. Milliseconds. */
export const GRACE_MS = 10_000;

/** How long a page waits for the sizes of archives in all. Milliseconds. */
export const MEASURE_TIME_MS = 2000;
