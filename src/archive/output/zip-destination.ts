import type { Writable } from "node:stream";

/**
 * Takes an archive, chunk after chunk, at its own pace. Chunks stay as they are and may be kept.
 *
 * @param chunks - Up to 1 MiB each. They throw what makes the archive fail, and `createZip` rejects with it.
 * @param signal - Aborts when the run is to end: for waits that do not end by themselves.
 */
export type ArchiveWriter = (chunks: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<void>;

/**
 * Where `createZip` writes to:
 *
 * - The path of a file. The archive is written beside it as `.NAME.….zipferry-part` and moved into its place
 *   when it is complete: there is never half an archive under that name. A file that is replaced hands down
 *   its mode, group and, where that is allowed, its owner; a symbolic link stays, and the file it points to is
 *   replaced. The archive itself is left out of the sources. Drafts of processes that were killed are removed.
 * - A Node stream: ended with the archive, destroyed if that fails. `process.stdout` stays open.
 * - A Web stream: closed with the archive, aborted if that fails.
 * - A function that takes the chunks.
 *
 * What a stream or function got until a failure is no complete archive.
 */
export type ZipDestination = string | Writable | WritableStream<Uint8Array> | ArchiveWriter;
