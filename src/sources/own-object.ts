import type { StorageSettings } from "../s3/options.ts";

/** Where the archive itself goes, if that is a bucket. */
export interface OwnObject {
	readonly bucket: string;
	readonly key: string;
	/** How the bucket is reached. */
	readonly storage: StorageSettings;
}
