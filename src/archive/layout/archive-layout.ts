import { anySignal, underAnySignal } from "../../async/any-signal.ts";
import { interruptible } from "../../async/interruptible.ts";
import { pack } from "../../bytes/pack.ts";
import { SourceError } from "../../errors.ts";
import { DEFAULT_LOOK_AHEAD, type EntrySource, type SourceReport } from "../../sources/entry-source.ts";
import { describeFileError } from "../../sources/files/describe-file.ts";
import { closeSources, openSources, sourceReport } from "../../sources/open-sources.ts";
import type { Source } from "../../sources/source.ts";
import { encodeArchiveComment } from "../../zip/format/archive-comment.ts";
import { warnOfNames } from "../entry-names.ts";
import { refuseEmpty } from "../planned-archive.ts";
import { KnownCrcs } from "./crc/known-crcs.ts";
import type { LayoutSettings } from "./layout-options.ts";
import { type ReadableLayout, readRange } from "./range/read-range.ts";
import { SharedWork } from "./shared-work.ts";
import { type Survey, surveySources } from "./survey.ts";
import { surveyKey } from "./survey-key.ts";

/**
 * An archive whose bytes are determined before anything is read: nothing is compressed and all sizes are known, so any range
 * of it can be made. The same sources in the same state have the same layout, and it has the bytes that `createZip` gives with the
 * method `"wrap"`.
 */
export interface ArchiveLayout {
	/** Bytes of the archive. */
	readonly size: number;
	readonly entryCount: number;
	/**
	 * SHA-256 over names, sizes, times, permissions, identities of the contents, options and format version; the first 32 hex digits. Not over CRC-32s, which
	 * nobody knows yet.
	 */
	readonly digest: string;
	/** The latest time of an entry, milliseconds since 1970-01-01 UTC; 0 if there is none. */
	readonly mtimeMs: number;
	/**
	 * Whether every source is old enough that a change would show in the digest. If not, only the whole archive should be given, without a strong ETag.
	 */
	readonly settled: boolean;
	/**
	 * Makes the bytes from `start` up to `end`, which is not included. Of the sources it reads what is in this range, what the CRC-32s in it need and nobody
	 * knows, and nothing else. Can be called any number of times, also at once.
	 *
	 * @throws {SourceError} `SOURCE_CHANGED` as soon as a source is not as it was when the layout was made: what came before is of that layout.
	 */
	read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void>;
	/** Closes connections; readings that are under way fail. */
	close(): Promise<void>;
}

/** What was seen, and what is to be told of it. */
interface Look {
	/** `undefined` if the archive is not determined. */
	readonly survey: Survey | undefined;
	/** Of its entries: what one download finds out serves all that share the look. */
	readonly crcs: KnownCrcs;
	/** Something that was left out. */
	readonly leftOut: string | undefined;
}

/**
 * Hundreds of surveys of large trees at once would all end late, and leave what they have seen to a garbage collector that comes late as well. Those of disks
 * take turns, and those who ask for the same at the same time share one: they come to an end, while somebody else's server may never answer.
 */
const localLooks = new SharedWork<Look>(8);

/** Whether neither a request nor code of others is behind it. */
function isLocal({ repeatable, rereadable, remote, lookAhead }: EntrySource): boolean {
	return repeatable && rereadable && remote !== true && lookAhead === DEFAULT_LOOK_AHEAD;
}

/**
 * Looks through the sources and lays their archive out.
 *
 * @returns `undefined` if the bytes of the archive are not determined: a content has no known size, or no state that it can be told by.
 * @throws as `planZip`.
 */
export async function layOutArchive(
	sources: Source | readonly Source[],
	settings: LayoutSettings,
): Promise<ArchiveLayout | undefined> {
	return underAnySignal([settings.signal], async (signal) => {
		const list = Array.isArray(sources) ? (sources as readonly Source[]) : [sources as Source];
		const opened = await open(list, settings, signal);
		let layout: ArchiveLayout | undefined;
		try {
			const look = opened.every(isLocal)
				? await lookInTurn(opened, list, settings, signal)
				: await lookAt(opened, settings, signal);
			layout = layOut(opened, look, settings);
			return layout;
		} finally {
			if (layout === undefined) await closeSources(opened);
		}
	});
}

function open(
	sources: readonly Source[],
	settings: LayoutSettings,
	signal: AbortSignal,
): Promise<EntrySource[]> {
	return openSources(sources, { ...settings, signal, skipErrors: false, strict: true }, Date.now());
}

/** What is shared sees everything as it is after the last has asked for it, from the beginning of each path on. */
function lookInTurn(
	opened: readonly EntrySource[],
	list: readonly Source[],
	settings: LayoutSettings,
	signal: AbortSignal,
): Promise<Look> {
	const key = surveyKey(list, settings);
	const look = async (ending: AbortSignal) => {
		const sources = key === undefined ? opened : await open(list, settings, ending);
		return lookAt(sources, settings, ending);
	};
	return localLooks.do(key, look, signal);
}

async function lookAt(
	sources: readonly EntrySource[],
	{ onEvent, portableNames, comment }: LayoutSettings,
	signal: AbortSignal,
): Promise<Look> {
	signal.throwIfAborted();
	let leftOut: string | undefined;
	const report = sourceReport({ skipErrors: false, skipMissing: false }, (event) => {
		if (event.type === "skipped") leftOut ??= `left out ${event.origin}: ${event.reason}`;
		return onEvent(event);
	});
	const options = { portableNames, comment: encodeArchiveComment(comment), signal };
	const survey = await surveySources(sources, report, options);
	if (survey !== undefined) warnOfNames(survey.names, onEvent);
	return { survey, crcs: new KnownCrcs(survey?.checks.length ?? 0), leftOut };
}

function layOut(
	sources: readonly EntrySource[],
	{ survey, crcs, leftOut }: Look,
	settings: LayoutSettings,
): ArchiveLayout | undefined {
	if (survey === undefined) return undefined;
	const { size, digest, mtimeMs, settled, checks } = survey;
	if (checks.length === 0) refuseEmpty(settings, leftOut);
	const closing = new AbortController();
	const comment = encodeArchiveComment(settings.comment);
	const layout = { survey, sources, report: LATER, crcs, crcCache: settings.crcCache, comment };
	return {
		...{ size, digest, mtimeMs, settled, entryCount: checks.length },
		read: (start, end, abort) => read(layout, start, end, [abort, closing.signal]),
		async close() {
			closing.abort();
			await closeSources(sources);
		},
	};
}

/** What there is to say of the sources was said when the layout was made. What could be looked at then can be now, or has changed. */
const LATER: SourceReport = {
	onEvent: () => {},
	onUnreadable(origin, error) {
		if (error instanceof SourceError) throw error;
		const message = `${origin} cannot be read any more: ${describeFileError(error)}`;
		throw new SourceError("SOURCE_CHANGED", message, { origin, cause: error });
	},
};

function read(
	layout: ReadableLayout,
	start: number,
	end: number,
	signals: readonly AbortSignal[],
): AsyncGenerator<Uint8Array, void, void> {
	if (!(0 <= start && start <= end && end <= layout.survey.size))
		throw new RangeError(`the archive has ${layout.survey.size} bytes, not those from ${start} to ${end}`);
	const ending = new AbortController();
	const chunks = async function* (): AsyncGenerator<Uint8Array, void, void> {
		const { signal, release } = anySignal(...signals, ending.signal);
		try {
			signal.throwIfAborted();
			const onStop = () => ending.abort();
			yield* pack(readRange(layout, start, end, { signal, onStop }));
		} finally {
			release();
		}
	};
	return interruptible(chunks(), () => ending.abort());
}
