import { storageOf } from "../s3/options.ts";
import type { OpeningSettings } from "../sources/options.ts";
import type { UploadSettings } from "./options.ts";

/**
 * The settings that sources are opened with: where nothing else is said, buckets of sources are reached as the one that is uploaded to,
 * and what is under the key of the archive is no source of it.
 */
export function withOwnStorage(settings: UploadSettings): UploadSettings & OpeningSettings {
	if (settings.sourceStorage !== undefined) return settings;
	const { bucket, key, omit } = settings;
	return {
		...settings,
		sourceStorage: storageOf(settings),
		sharesStorage: true,
		omit: [...omit, `s3://${bucket}/${key}`],
	};
}
