/**
 * Version of the bytes that sources and options give: raised when the same sources begin to give another archive, as
 * the golden hashes show.
 */
export const FORMAT_VERSION = 1;
