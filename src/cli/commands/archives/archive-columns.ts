import type { BackupArchive } from "../../../backup/archives/archive-facts.ts";
import { describeAge } from "../../../storage/incomplete/age.ts";
import type { Io } from "../../terminal/io.ts";
import type { TableColumn } from "../../terminal/table.ts";
import { formatBytes, printable } from "../../terminal/text.ts";

/** The columns that every table of archives has. */
export interface ArchiveColumns {
	readonly time: TableColumn;
	readonly age: TableColumn;
	readonly size: TableColumn;
	readonly key: TableColumn;
}

/** @param timeZone - In which times are shown: that of the template. */
export function archiveColumns(
	archives: readonly BackupArchive[],
	timeZone: string,
	now: Date,
): ArchiveColumns {
	return {
		time: { title: "TIME", cells: archives.map(({ time }) => minuteOf(time, timeZone)) },
		age: {
			title: "AGE",
			cells: archives.map(({ time }) => describeAge(Math.max(0, now.getTime() - time.getTime()))),
			alignRight: true,
			dispensable: 3,
		},
		size: { title: "SIZE", cells: archives.map(({ size }) => formatBytes(size)), alignRight: true },
		key: { title: "KEY", cells: archives.map(({ key }) => printable(key)), dispensable: 5 },
	};
}

/** `2026-11-26 03:00` */
function minuteOf(time: Date, timeZone: string): string {
	return time.toLocaleString("sv-SE", { timeZone }).slice(0, 16);
}

/** `2026-11-26`, and `-` where there is none. */
export function dayOf(time: Date | undefined, timeZone: string): string {
	return time === undefined ? "-" : time.toLocaleDateString("sv-SE", { timeZone });
}

/** Columns of the terminal that stdout is; `undefined` if it is none. */
export function stdoutWidth({ stdout, stderr }: Io): number | undefined {
	return stdout.isTTY ? stderr.columns : undefined;
}
