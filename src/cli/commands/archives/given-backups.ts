import type { BackupsOptions } from "../../../backup/archives/options.ts";
import type { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { Settings } from "../../options/option.ts";
import type { Io } from "../../terminal/io.ts";
import { type StorageTelling, storageEvents } from "../../terminal/storage-events.ts";
import { noticeCredentials, warnOfBucket } from "../connect-notices.ts";

/** How to reach the bucket of a template, of all that was given; says what there is to say of it. */
export function backupsOptions(
	bucket: string,
	settings: Settings<typeof CONNECT_OPTIONS> & Partial<Settings<typeof TEMPLATE_OPTIONS>>,
	telling: StorageTelling & { readonly profile?: string | undefined },
	io: Io,
): BackupsOptions {
	noticeCredentials(telling, io);
	warnOfBucket(bucket, io);
	const { name: _name, host: _host, timeZone: _timeZone, ...connect } = settings;
	return { ...connect, signal: io.signal, onEvent: storageEvents(telling, io) };
}
