import type { ShardsOptions } from "../../../shards/options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { Settings } from "../../options/option.ts";
import type { Io } from "../../terminal/io.ts";
import { type StorageTelling, storageEvents } from "../../terminal/storage-events.ts";

/** How the options say to reach the storage of a plan, without all else that a command takes. */
export function storageSettings(
	settings: Settings<typeof CONNECT_OPTIONS>,
	telling: StorageTelling,
	io: Io,
): ShardsOptions {
	const names = Object.values(CONNECT_OPTIONS).map(({ sets }) => sets);
	const own = Object.fromEntries(names.map((name) => [name, settings[name]]));
	return { ...own, signal: io.signal, onEvent: storageEvents(telling, io) };
}
