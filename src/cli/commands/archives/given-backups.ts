import type { BackupsOptions } from "../../../backup/archives/options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { Values } from "../../options/option.ts";
import { settingsOf } from "../../options/read-values.ts";
import type { Io } from "../../terminal/io.ts";
import { type StorageTelling, storageEvents } from "../../terminal/storage-events.ts";

/** How to reach the bucket of a template. */
export function backupsOptions(
	values: Values<typeof CONNECT_OPTIONS> & StorageTelling,
	io: Io,
): BackupsOptions {
	const connect = settingsOf(CONNECT_OPTIONS, values);
	return { ...connect, signal: io.signal, onEvent: storageEvents(values, io) };
}
