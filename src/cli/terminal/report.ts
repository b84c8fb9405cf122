import type { CreateZipResult } from "../../archive/write-archive.ts";
import { formatNumber } from "../../bytes/units.ts";
import type { Warning } from "../../events.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "./io.ts";

/**
 * Data for programs: one JSON value, one line, on stdout.
 *
 * @param done - What is done by now, for the case that it cannot be printed.
 */
export async function printJson({ stdout }: Io, value: unknown, done?: string): Promise<void> {
	await stdout.printJson(value, done);
}

/** 3 if something that should be in the archive could not be read. */
export function exitCodeOfRun(warnings: readonly Warning[]): number {
	return warnings.some(({ code }) => code === "UNREADABLE_SKIPPED") ? EXIT.incomplete : EXIT.ok;
}

/** How much is left out, as one fact; none if that is nothing. */
export function describeSkipped(count: number, verbose: boolean | undefined): string[] {
	if (count === 0) return [];
	return [`${formatNumber(count)} left out${verbose === true ? "" : " (--verbose lists them)"}`];
}

const HASHES = ["md5", "sha256", "crc32"] as const;

/** Kind and value of the hash that a result has, as one fact; none if it was not wanted. */
export function describeHash(result: Pick<CreateZipResult, (typeof HASHES)[number]>): string[] {
	return HASHES.flatMap((name) => (result[name] === undefined ? [] : [`${name} ${result[name]}`]));
}
