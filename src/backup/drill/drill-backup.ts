import type { ArchiveRecord, BackupArchive } from "../archives/archive-facts.ts";
import { findArchive } from "../archives/find-archive.ts";
import type { BackupsOptions } from "../archives/options.ts";
import { updateRecord } from "../archives/record.ts";
import { withBackups } from "../archives/with-backups.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import { type DrillOptions, type DrillResult, runDrill } from "./drill.ts";

/** Which archive of a job is restored, and how. */
export interface DrillPlan extends Omit<DrillOptions, keyof BackupsOptions | "etag" | "versionId"> {
	/** Name of the job. */
	readonly job: string | undefined;
	/** The newest archive before then; without it the newest of all. */
	readonly before: Date | undefined;
}

/** How a drill went, and of which archive. */
export interface DrilledBackup extends DrillResult {
	readonly archive: BackupArchive;
	/**
	 * Writes into the record of the archive how it went.
	 *
	 * @throws {StorageError}
	 */
	readonly writeRecord: () => Promise<ArchiveRecord>;
}

/**
 * Tries to restore an archive of a job.
 *
 * @param use - Gets the result. The connection is open meanwhile.
 * @throws what {@link runDrill} does; {@link SourceError} if there is no such archive
 */
export function drillBackup<Result>(
	template: KeyTemplate,
	{ job, before, ...plan }: DrillPlan,
	options: BackupsOptions,
	use: (drilled: DrilledBackup) => Promise<Result>,
): Promise<Result> {
	const { bucket } = template;
	return withBackups(bucket, options, async (connection, requests) => {
		const archive = await findArchive(connection, template, before, { ...requests, job });
		const { key, etag, versionId } = archive;
		const result = await runDrill(`s3://${bucket}/${key}`, { ...options, ...plan, etag, versionId });
		const add = (record: ArchiveRecord) => ({ ...record, drills: [...record.drills, result.drill] });
		const writeRecord = () => updateRecord(connection, bucket, archive, add, requests);
		return use({ ...result, archive, writeRecord });
	});
}
