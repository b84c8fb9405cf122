import type { PlanShardsOptions } from "../../../shards/plan/options.ts";
import type { Level } from "../../../zip/entry.ts";
import { readPatterns } from "../../arguments/parse.ts";
import { sourceStorageOf } from "../../options/sources/source-storage-of.ts";
import type { Io } from "../../terminal/io.ts";
import type { Given } from "../command.ts";
import { readMarker } from "../write/archive-settings.ts";
import { sourceDateEpoch } from "../write/source-date-epoch.ts";
import type { SUBMIT_TABLE } from "./submit-table.ts";

type PlanSettings = Omit<PlanShardsOptions, "bucket" | "key" | "maxMtime"> & {
	readonly maxMtime: Date | undefined;
};

/**
 * What the library is told about an archive that is to be planned.
 *
 * @throws {InvalidOptionError}
 */
export async function planSettings(
	{ values, settings }: Given<typeof SUBMIT_TABLE, unknown>,
	{ signal }: Io,
): Promise<PlanSettings> {
	const { exclude = [], "exclude-from": files = [], "exclude-if-present": markers = [], mtime } = values;
	const { redis: _redis, redisCaFile: _redisCaFile, queueName: _queueName, ...options } = settings;
	return {
		...options,
		// What is typed goes before what is in the air.
		maxMtime: mtime === undefined ? sourceDateEpoch(process.env["SOURCE_DATE_EPOCH"]) : undefined,
		sourceStorage: sourceStorageOf(values),
		blockingReads: true, // there is nothing else to do
		exclude: [...exclude, ...(await readPatterns(files, signal))],
		excludeIfPresent: markers.map(readMarker),
		level: settings.level as Level | undefined, // its range is checked with all others
	};
}
