import type { RunReport } from "../../archive/run-report.ts";
import type { Connection } from "../../s3/connection.ts";
import { findOlderUploads, warnOfOlderUploads } from "../../storage/incomplete/older-uploads.ts";
import type { UploadZipResult } from "../attempt.ts";
import { retryTimeOf, type UploadSettings } from "../options.ts";
import type { CopiedRanges } from "../read-back/copied-ranges.ts";
import { examineArchive, type ReadBackFacts, readBackOf } from "../verify-upload.ts";
import type { OpenedBase } from "./open-base.ts";
import { type ReplacementTarget, replaceObject } from "./replace-object.ts";

/**
 * Whether an upload puts its archive in the place of the base that most of it is copied from. Not if the base is a version that was
 * chosen: it stays whatever happens, and need not be the latest.
 */
export function takesItsPlace(
	{ pin, composition }: OpenedBase,
	{ bucket, key, noClobber, baseVersionId }: UploadSettings,
): boolean {
	if (noClobber || composition.copied.partCount === 0) return false;
	if (pin.versionId !== undefined && baseVersionId !== undefined) return false;
	return pin.bucket === bucket && pin.key === key;
}

export interface BaseReplacement {
	readonly base: OpenedBase;
	/** What is copied of it; known when the archive is made. */
	readonly ranges: CopiedRanges | undefined;
	readonly settings: UploadSettings;
	/** Of the object, the user's and ours. */
	readonly metadata: Readonly<Record<string, string>>;
	readonly connection: Connection;
	readonly report: RunReport;
	/** Uploads with these settings, under this condition. */
	readonly put: (settings: UploadSettings, ifMatch: ReplacementTarget["ifMatch"]) => Promise<UploadZipResult>;
}

/** Puts an archive in the place of its base, and reads it back. */
export async function replaceBase({
	base: { pin },
	ranges,
	settings,
	metadata,
	connection,
	report,
	put,
}: BaseReplacement): Promise<UploadZipResult> {
	const { signal, beforeComplete } = settings;
	let facts: ReadBackFacts = {};
	if (pin.versionId === undefined) {
		// Of the copy over that a run was killed in; that of a draft is looked for when it is made.
		const left = warnOfOlderUploads(pin, await findOlderUploads(connection, pin, signal), undefined);
		if (left !== undefined) report.onEvent({ type: "warning", ...left });
	}
	const stored = await replaceObject<UploadZipResult>(connection, {
		base: pin,
		object: { ...settings, metadata },
		put: ({ address, object, ifMatch, beforeComplete }) =>
			put(
				{
					...settings,
					...object,
					key: address.key,
					beforeComplete: async (stop) => void (await beforeComplete?.(stop)),
				},
				ifMatch,
			),
		async examine(found, depth) {
			const how = depth === "sample" ? readBackOf(settings, ranges, connection) : undefined;
			const examination = await examineArchive(settings, found, how ?? { level: "structure" });
			if (depth === "sample") facts = examination.facts;
			return examination.damage;
		},
		beforeComplete,
		retryTimeMs: retryTimeOf(settings),
		signal,
		onEvent: report.onEvent,
	});
	return { ...stored, ...facts };
}
