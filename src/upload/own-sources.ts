import { storageOf } from "../s3/options.ts";
import type { OpeningSettings } from "../sources/options.ts";
import type { UploadSettings } from "./options.ts";

/**
 * The settings that sources are opened with: where nothing else is said, buckets of sources are reached as the one that is uploaded to,
 * and what is under the key of the archive there is no source of it, however it is reached.
 */
export function withOwnStorage(settings: UploadSettings): UploadSettings & OpeningSettings {
	const { bucket, key, sourceStorage } = settings;
	const storage = storageOf(settings);
	return {
		...settings,
		sourceStorage: sourceStorage ?? storage,
		sharesStorage: sourceStorage === undefined,
		own: { bucket, key, storage },
	};
}
