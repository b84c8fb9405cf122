/**
 * An archive that many workers make together: what goes between whoever plans it, the workers, and whoever finishes it. It is JSON, as
 * small for ten million entries as for ten, and holds no credentials: it may stand in the job of a queue, a file, or an argument.
 * What is to be archived stands in the manifest, an object beside the archive.
 */
export interface ShardPlan {
	/** Version of this format: 2 if the storage copies objects into the archive. */
	readonly version: 1 | 2;
	/** Of this plan alone: 32 hex digits. */
	readonly id: string;
	/** Of the archive. */
	readonly bucket: string;
	/** Of the archive. */
	readonly key: string;
	/** The multipart upload that the archive will be made of. */
	readonly uploadId: string;
	/** Shards are numbered from 0. */
	readonly shardCount: number;
	/** Entries of the archive. */
	readonly entryCount: number;
	/** Bytes of all files. */
	readonly sourceSize: number;
}
