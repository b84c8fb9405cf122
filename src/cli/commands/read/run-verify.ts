import type { VerifyProgressEvent } from "../../../events/reading.ts";
import type { ZipferryEvent } from "../../../events.ts";
import type { ArchiveFinding } from "../../../verify/finding.ts";
import type { Unproven, VerifyArchiveResult } from "../../../verify/verify-result.ts";
import { EXIT } from "../../exit-codes.ts";
import type { FIND_OPTIONS } from "../../options/backup/find-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS, RUN_OPTIONS } from "../../options/output-options.ts";
import type { READER_OPTIONS } from "../../options/reader-options.ts";
import type { VERIFY_OPTIONS } from "../../options/verify-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { type Progress, showProgress } from "../../terminal/progress/progress.ts";
import { printJson } from "../../terminal/report.ts";
import { storageEvents } from "../../terminal/storage-events.ts";
import { formatBytes, formatCount, printable } from "../../terminal/text.ts";
import { foundArchive } from "../archives/found-archive.ts";
import type { Given } from "../command.ts";
import { noticeArchives } from "../connect-notices.ts";
import { progressStyle } from "../write/progress-style.ts";
import { differenceLine } from "./difference-line.ts";
import { treeSettings } from "./tree-settings.ts";

type VerifyOptions = typeof VERIFY_OPTIONS &
	typeof READER_OPTIONS &
	typeof FIND_OPTIONS &
	typeof OUTPUT_OPTIONS &
	Pick<typeof RUN_OPTIONS, "no-progress"> &
	typeof CONNECT_OPTIONS;
type VerifyGiven = Given<VerifyOptions, { readonly archive: string }>;

export async function runVerify(given: VerifyGiven, io: Io): Promise<number> {
	const { operands, values, settings } = given;
	noticeArchives([operands.archive], values, io);
	const archive = await foundArchive(operands.archive, values, io);
	const tree = await treeSettings(given, io);
	const { verifyArchive } = await import("../../../verify/verify-archive.ts");
	const progress = showProgress({ ...progressStyle(values, io), done: "checked" }, io);
	const onStorageEvent = storageEvents(values, io);
	let result: VerifyArchiveResult;
	try {
		const showing = new ShownCheck(progress);
		const onEvent = (event: ZipferryEvent) =>
			event.type === "verify-progress" ? showing.update(event) : onStorageEvent(event);
		result = await verifyArchive(archive, { ...settings, ...tree, signal: io.signal, onEvent });
	} finally {
		progress.end();
	}
	if (values.json === true) await printJson(io, result);
	else await printResult(result, values.quiet === true, io);
	return result.ok ? EXIT.ok : EXIT.integrity;
}

/** Shows a check like the making of an archive: what has been looked at is what has arrived. */
class ShownCheck {
	readonly #progress: Progress;
	#isPlanned = false;

	constructor(progress: Progress) {
		this.#progress = progress;
	}

	update({ size, checkedSize, entryCount, entryName }: VerifyProgressEvent): void {
		if (!this.#isPlanned) {
			this.#isPlanned = true;
			const facts = { entryCount, sourceSize: size, sizeBound: size, zip64: false };
			void this.#progress.onEvent({
				type: "planned",
				...facts,
				partSize: undefined,
				maxPartCount: undefined,
			});
		}
		const sizes = { readSize: checkedSize, archiveSize: checkedSize, ...NOTHING_SENT };
		void this.#progress.onEvent({ type: "progress", entryCount, entryName, ...sizes });
	}
}

/** Of a progress without a storage. */
const NOTHING_SENT = { uploadedSize: 0, resumedSize: 0, copiedSize: 0 };

async function printResult(result: VerifyArchiveResult, quiet: boolean, io: Io): Promise<void> {
	const { findings, findingCount, differences, differenceCount = 0 } = result;
	for (const finding of findings) await io.stdout.print(`${findingLine(finding)}\n`);
	for (const difference of differences) await io.stdout.print(`${differenceLine(difference)}\n`);
	const more = findingCount - findings.length + differenceCount - differences.length;
	if (more > 0) await io.stdout.print(`${formatCount(more, "more line")}\n`);
	if (!quiet || !result.ok) writeLine(io.stderr, summary(result));
}

/** `damaged  local-header  "a.txt" has another name in its local header (byte 0)` */
function findingLine({ structure, entryName, offset, message }: ArchiveFinding): string {
	const about = entryName === undefined ? "the archive" : `"${entryName}"`;
	const place = offset === undefined ? "" : ` (byte ${offset})`;
	return printable(`damaged  ${structure}  ${about} ${message}${place}`);
}

function summary(result: VerifyArchiveResult): string {
	const { location, ok, findingCount, differenceCount, unproven } = result;
	const verdict = [
		findingCount > 0 ? `damaged in ${formatCount(findingCount, "place")}` : "no damage found",
		...(differenceCount === undefined
			? []
			: [differenceCount === 0 ? "no differences" : formatCount(differenceCount, "difference")]),
	];
	const limits = ok && unproven.length > 0 ? `; not proven: ${unproven.map(unprovenWords).join(", ")}` : "";
	return printable(`${location}: ${verdict.join(", ")}; ${looked(result)}${limits}`);
}

function looked({
	entryCount,
	headerCount,
	contentCount,
	contentSize,
	readSize,
	requestCount,
	hashCompared,
}: VerifyArchiveResult): string {
	const facts = [
		formatCount(entryCount, "entry", "entries"),
		...(contentCount > 0
			? [`content of ${formatCount(contentCount, "entry", "entries")} checked (${formatBytes(contentSize)})`]
			: [`${formatCount(headerCount, "header")} checked`]),
		...(hashCompared ? ["equal to the hash that the storage keeps"] : []),
		`${formatBytes(readSize)} read in ${formatCount(requestCount, "request")}`,
	];
	return facts.join(", ");
}

function unprovenWords(unproven: Unproven): string {
	switch (unproven) {
		case "content":
			return "content that was not read";
		case "records":
			return "headers that were not read";
		case "fields":
			return "modes, comments and other fields without a checksum";
		default:
			return unproven satisfies never;
	}
}
