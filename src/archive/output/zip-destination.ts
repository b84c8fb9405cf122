import type { Writable } from "node:stream";

/**
 * Takes an archive, chunk after chunk, at its own pace. Chunks stay as they are and may be kept.
 *
 * @param chunks - Up to 1 MiB each. They throw the error that makes the archive fail, and `createZip` rejects with it.
 * @param signal - Aborts when the run stops, for operations that would wait on.
 */
export type ArchiveWriter = (chunks: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<void>;

/**
 * The destination of `createZip`:
 *
 * - The path of a file. The archive is written beside it as `.NAME.….zipferry-part` and renamed when it is
 *   complete: there is never half an archive under that name. It gets the mode, the group and, if permitted,
 *   the owner of the file it replaces. A symbolic link stays, and the file it points to is replaced. The archive
 *   itself is left out of the sources. Drafts of processes that were killed are removed.
 * - A Node stream: ended with the archive, destroyed if that fails. `process.stdout` stays open.
 * - A Web stream: closed with the archive, aborted if that fails.
 * - A function that takes the chunks.
 *
 * If the run fails, a stream or function has received an incomplete archive.
 */
export type ZipDestination = string | Writable | WritableStream<Uint8Array> | ArchiveWriter;
