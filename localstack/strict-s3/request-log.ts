/** One request that was answered, or cut off. */
export interface RequestRecord {
	/** As in the S3 API, `"Unknown"` if it is none. */
	readonly operation: string;
	readonly bucket: string;
	readonly key: string;
	/** 0: there was no answer. */
	readonly status: number;
	/** Bytes of the body that came in, with the framing of `aws-chunked`. */
	readonly bytes: number;
	readonly partNumber?: number;
}

const MAX_RECORDS = 20_000;

/** Adds the record, at the cost of the oldest ones. */
export function remember(log: RequestRecord[], record: RequestRecord): void {
	log.push(record);
	if (log.length > MAX_RECORDS) log.splice(0, MAX_RECORDS / 2);
}
