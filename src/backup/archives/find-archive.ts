import { SourceError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import { listObjects } from "../../s3/objects/list-objects.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import type { BackupArchive } from "./archive-facts.ts";
import { type ListArchivesOptions, lookAt } from "./list-archives.ts";

/**
 * Finds the newest archive of a template, or the newest of a time before a moment.
 *
 * @param before - Exclusive; without it the newest of all.
 * @throws {SourceError} `SOURCE_NOT_FOUND` if there is none; the message names the oldest and the newest there are
 * @throws {StorageError}
 */
export async function findArchive(
	connection: Connection,
	template: KeyTemplate,
	before: Date | undefined,
	options: ListArchivesOptions = {},
): Promise<BackupArchive> {
	const { bucket, prefix, text } = template;
	const found: { key: string; time: Date }[] = [];
	for await (const { objects } of listObjects(connection, { bucket, prefix }, options)) {
		for (const { key } of objects) {
			const time = template.timeOf(key);
			if (time !== undefined) found.push({ key, time });
		}
	}
	const newestFirst = found.sort((a, b) => b.time.getTime() - a.time.getTime());
	const fitting = newestFirst.filter(({ time }) => before === undefined || time < before);
	const archive = await firstOwn(connection, template, fitting, options);
	if (archive !== undefined) return archive;
	const later = newestFirst.slice(0, newestFirst.length - fitting.length).reverse();
	const other = await firstOwn(connection, template, later, options);
	const newest = other && (await firstOwn(connection, template, newestFirst, options));
	const there = other === undefined ? "" : `; the oldest one is s3://${bucket}/${other.key}`;
	const last =
		newest === undefined || newest.key === other?.key ? "" : `, the newest s3://${bucket}/${newest.key}`;
	const wanted = other === undefined ? "there is no archive of" : "there is no archive of that time of";
	throw new SourceError("SOURCE_NOT_FOUND", `${wanted} ${text}${there}${last}`, { origin: text });
}

/** Objects that no run has put there are passed over. */
async function firstOwn(
	connection: Connection,
	template: KeyTemplate,
	candidates: readonly { readonly key: string; readonly time: Date }[],
	options: ListArchivesOptions,
): Promise<BackupArchive | undefined> {
	for (const candidate of candidates) {
		options.signal?.throwIfAborted();
		const archive = await lookAt(connection, template, { ...candidate, recorded: false }, options);
		if (archive !== undefined && !("reason" in archive)) return archive;
	}
	return undefined;
}
