import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { StorageOptions } from "../../s3/options.ts";
import type { BackupJob, JobSource } from "../job.ts";

/** Hex digits: nobody tries to find two that are alike. */
const LENGTH = 32;

/**
 * Stands for the machine and the sources of a job. Two archives with the same mark are of the same files, at different times; a file in
 * another one that has the same name, size and times may be another file.
 *
 * Filters are not in it: they change what is there, not what it is.
 */
export function sourcesMark({ sources, template }: Pick<BackupJob, "sources" | "template">): string {
	const facts = [template.host, sources.map(identityOf)];
	return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, LENGTH);
}

function identityOf(source: JobSource): readonly unknown[] {
	if ("paths" in source) return ["paths", process.cwd()]; // whichever are listed: each has its path for a name
	if ("command" in source) return ["command", source.name];
	if ("url" in source) return ["url", `${source.url}`, source.as, ...placeOf(source.storage)];
	if ("archive" in source)
		return ["archive", `${source.archive}`, source.entry, source.as, ...placeOf(source.storage)];
	return ["path", resolve(source.path), source.as];
}

function placeOf({ endpoint, provider, account }: StorageOptions = {}): readonly unknown[] {
	return [endpoint, provider, account];
}
