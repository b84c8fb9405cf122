/** `1700000000.123456789` */
const SECONDS = /^(-?\d{1,12})(?:\.(\d{1,9})\d*)?$/;
/** One of the attributes that s3cmd keeps: `atime:1700000000/mtime:1700000000/uid:0`. */
const S3CMD_MTIME = /(?:^|\/)mtime:(-?\d{1,12})(?:\/|$)/;

/**
 * The time of the file that an object was made of, as rclone (and s3fs) or s3cmd keep it in the metadata; milliseconds since 1970.
 *
 * @param metadata - With names in lower case.
 */
export function keptTime(metadata: Readonly<Record<string, string>>): number | undefined {
	const [, seconds, fraction = ""] = SECONDS.exec(metadata["mtime"] ?? "") ?? [];
	// As Node computes the time of a file, so that both are rounded alike.
	if (seconds !== undefined)
		return Number(seconds) * 1000 + sign(seconds) * (Number(fraction.padEnd(9, "0")) / 1e6);
	const [, kept] = S3CMD_MTIME.exec(metadata["s3cmd-attrs"] ?? "") ?? [];
	return kept === undefined ? undefined : Number(kept) * 1000;
}

function sign(seconds: string): number {
	return seconds.startsWith("-") ? -1 : 1;
}
