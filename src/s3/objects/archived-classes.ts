/** Storage classes whose objects cannot be read or copied before they are restored. */
export const ARCHIVED_CLASSES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** What a look at an object says of where it is kept. */
export interface Keeping {
	readonly storageClass: string | undefined;
	/** Tier of an archive that `INTELLIGENT_TIERING` has moved it to. */
	readonly archiveTier: string | undefined;
	/** Whether it was restored (`"done"`), so that it can be read and copied for a time, or is being (`"under-way"`). */
	readonly restoring: "under-way" | "done" | undefined;
}

/**
 * Why an object cannot be read or copied as it is in an archive of the storage, in words that go on behind its address.
 *
 * @returns `undefined` if it is in none, or was restored.
 */
export function whyArchived({ storageClass, archiveTier, restoring }: Keeping): string | undefined {
	const isArchivedClass = storageClass !== undefined && ARCHIVED_CLASSES.has(storageClass);
	if ((!isArchivedClass && archiveTier === undefined) || restoring === "done") return undefined;
	const where = archiveTier === undefined ? "" : `, tier ${archiveTier}`;
	const rest = restoring === "under-way" ? ", and is still being restored" : "";
	return `is archived (storage class ${storageClass ?? "unknown"}${where})${rest}`;
}

/** Reads `x-amz-restore`: `ongoing-request="false", expiry-date="..."`. */
export function readRestoring(header: string | undefined): Keeping["restoring"] {
	if (header === undefined) return undefined;
	if (/ongoing-request="true"/i.test(header)) return "under-way";
	return /ongoing-request="false"/i.test(header) ? "done" : undefined;
}
