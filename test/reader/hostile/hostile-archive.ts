/** What refuses it first. Whatever does, extracting refuses it as well. */
export type Stage = "opening" | "listing" | "reading" | "extracting";

/** An archive that is damaged, ambiguous, or made to do harm. */
export interface HostileArchive {
	/** What the error says behind the path of the archive. */
	readonly message: string;
	/** What is wrong with it; different for each of the same message. */
	readonly what: string;
	readonly stage: Stage;
	readonly make: () => Uint8Array;
}

/** An archive, by its message and what is wrong with it. */
export type Row = readonly [message: string, what: string, make: () => Uint8Array];

export function refusedBy(stage: Stage, rows: readonly Row[]): HostileArchive[] {
	return rows.map(([message, what, make]) => ({ message, what, stage, make }));
}

/** The message about an entry. */
export function about(name: string, reason: string): string {
	return `the entry "${name}" ${reason}`;
}
