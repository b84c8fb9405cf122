/** Where the archives of one job are, and which time each key stands for. */
export interface KeyTemplate {
	readonly bucket: string;
	/** As it was given, with the bucket. */
	readonly text: string;
	/** IANA name of the zone in which times are written. */
	readonly timeZone: string;
	/** What fills `{host}`: the name of the machine, or the one that was given for it. */
	readonly host: string;
	/** Beginning that all its keys have: what to list. */
	readonly prefix: string;
	/** The key for an archive of that time. */
	keyAt(time: Date): string;
	/**
	 * The time that a key stands for, at the precision of the template.
	 *
	 * @returns `undefined` for a key that this template does not make, character for character.
	 */
	timeOf(key: string): Date | undefined;
}
