import type { RunArchive, RunReport, RunRetention } from "../../../../backup/run-report.ts";
import { formatNumber } from "../../../../bytes/units.ts";
import { formatBytes, formatCount, formatSeconds, printable } from "../../../terminal/text.ts";

/** How a run went that has not failed, in one line. */
export function describeReport({ status, archive, retention, elapsedMs }: RunReport): string {
	if (archive === undefined) return `nothing was archived in ${formatSeconds(elapsedMs / 1000)}`;
	const { bucket, key, size, entryCount, skippedCount, verified } = archive;
	const url = printable(`s3://${bucket}/${key}`);
	const pruned = retention === undefined ? [] : describeRetention(retention);
	if (status === "unchanged") return [`nothing has changed since ${url}`, ...pruned].join("; ");
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		`${formatBytes(size)} in ${formatSeconds(elapsedMs / 1000)}`,
		...describeCopied(archive),
		...(skippedCount === 0 ? [] : [`${formatNumber(skippedCount)} left out`]),
		`${verified} verified`,
	];
	return [`${url}: ${facts.join(", ")}`, ...pruned].join("; ");
}

function describeCopied({ size, copiedEntryCount = 0, copiedSize = 0 }: RunArchive): string[] {
	if (copiedEntryCount === 0) return [];
	const copied = `copied ${formatCount(copiedEntryCount, "entry", "entries")} (${formatBytes(copiedSize)})`;
	return [copied, `sent ${formatBytes(size - copiedSize)}`];
}

function describeRetention({ keptCount, removedCount, lockedCount }: RunRetention): string[] {
	const locked = lockedCount === 0 ? "" : `, ${formatNumber(lockedCount)} locked`;
	return [`${formatNumber(keptCount)} kept, ${formatNumber(removedCount)} removed${locked}`];
}
