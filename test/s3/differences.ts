/**
 * Where S3 servers differ by nature. The contract asks for the behaviour of AWS; what a server does
 * otherwise is written down here and nowhere else.
 */
export interface Differences {
	/** The answer to CompleteMultipartUpload has the ETag of the object. */
	readonly completeReturnsEtag: boolean;
	/** Complete refuses parts that are not in ascending order (InvalidPartOrder). */
	readonly ordersParts: boolean;
	/** Complete takes a list that leaves out parts which were uploaded. */
	readonly completeAcceptsSubset: boolean;
	/** The highest part number; `undefined`: higher ones than the 10,000 of AWS are accepted. */
	readonly partNumberLimit: number | undefined;
	/** Part number 0 is refused. */
	readonly partNumbersFromOne: boolean;
	/** What requests about an upload that was aborted are refused with. */
	readonly listPartsAfterAbort: "NoSuchUpload" | "NoSuchKey";
	/** What Complete is refused with for an upload that never was, or was aborted. */
	readonly completeOfUnknownUpload: "NoSuchUpload" | "InternalError";
	/** A second Complete of the same upload is refused (NoSuchUpload), not answered as the first was. */
	readonly completesOnce: boolean;
	/** What AbortMultipartUpload is refused with after Complete. */
	readonly abortAfterComplete: "NoSuchUpload" | "NoSuchKey";
	/** If-None-Match: * and If-Match on PutObject. */
	readonly conditionalPut: boolean;
	/** What Complete with If-None-Match: * is refused with if there is an object; `undefined`: it is not. */
	readonly conditionalComplete: "PreconditionFailed" | "InvalidRequest" | undefined;
	/** If-Match on CompleteMultipartUpload. */
	readonly conditionalCompleteByEtag: boolean;
	/** If-Match on PutObject takes the ETag with its quotes, as every answer shows it. */
	readonly ifMatchTakesQuotes: boolean;
	/** What PutObject with If-Match is refused with if there is no object. */
	readonly ifMatchOnNothing: "NoSuchKey" | "PreconditionFailed";
	/** x-amz-checksum-* are verified, kept and returned; so are FULL_OBJECT and x-amz-mp-object-size. */
	readonly verifiesChecksums: boolean;
	/** Bodies in aws-chunked encoding with a trailer, which the SDK sends for streams unless told otherwise. */
	readonly streamingBodies: boolean;
	/** The ETag in the answer to CopyObject and UploadPartCopy has quotes around it, as all others do. */
	readonly quotesEtagsOfCopies: boolean;
	/** What UploadPartCopy is refused with for a range that is not in the source. */
	readonly copyRangeOutside: "InvalidArgument" | "InvalidRange";
	/** UploadPartCopy takes a range with both its ends only, and of a source above 5 MiB only. */
	readonly strictCopyRange: boolean;
	/** x-amz-copy-source-if-match of UploadPartCopy counts. */
	readonly heedsCopyConditions: boolean;
	/** What UploadPartCopy is refused with for a version that is not there. */
	readonly copyOfUnknownVersion: "NoSuchVersion" | "NoSuchKey";
	/** GetObjectAttributes. */
	readonly objectAttributes: boolean;
	/** What a body with another digest than x-amz-content-sha256 is refused with. */
	readonly wrongPayloadDigest: "XAmzContentSHA256Mismatch" | "BadDigest";
	/** If-Match that holds makes If-Unmodified-Since void (RFC 9110, 13.2.2). */
	readonly ifMatchOutranksTime: boolean;
	/** A range whose end is before its start is ignored, not refused. */
	readonly ignoresInvalidRanges: boolean;
	/** DeleteObjects takes a CRC32 header in place of Content-MD5. */
	readonly deleteObjectsByChecksum: boolean;
	/** What a key of more than 1,024 bytes is refused with. */
	readonly keyTooLong: "KeyTooLongError" | "InvalidObjectName";
	/** A bucket can be told to keep versions. */
	readonly versions: boolean;
	/** A bucket can be made whose objects can be locked. */
	readonly objectLock: boolean;
	/** Storage classes of AWS are accepted and shown. */
	readonly storageClasses: boolean;
}

const AWS: Differences = {
	completeReturnsEtag: true,
	ordersParts: true,
	completeAcceptsSubset: true,
	partNumberLimit: 10_000,
	partNumbersFromOne: true,
	listPartsAfterAbort: "NoSuchUpload",
	completeOfUnknownUpload: "NoSuchUpload",
	completesOnce: true,
	abortAfterComplete: "NoSuchUpload",
	conditionalPut: true,
	conditionalComplete: "PreconditionFailed",
	conditionalCompleteByEtag: true,
	ifMatchTakesQuotes: true,
	ifMatchOnNothing: "NoSuchKey",
	verifiesChecksums: true,
	streamingBodies: true,
	quotesEtagsOfCopies: true,
	copyRangeOutside: "InvalidArgument",
	strictCopyRange: true,
	heedsCopyConditions: true,
	copyOfUnknownVersion: "NoSuchVersion",
	objectAttributes: true,
	wrongPayloadDigest: "XAmzContentSHA256Mismatch",
	ifMatchOutranksTime: true,
	ignoresInvalidRanges: true,
	deleteObjectsByChecksum: true,
	keyTooLong: "KeyTooLongError",
	versions: true,
	objectLock: true,
	storageClasses: true,
};

/** The servers that the contract runs against. */
export const DIFFERENCES = {
	aws: AWS,
	/** The server in this repository: strict where AWS is. */
	embedded: AWS,
	/** Ceph RADOS Gateway 16.2, as in Debian 12. */
	ceph: {
		...AWS,
		completeReturnsEtag: false,
		ordersParts: false,
		completeAcceptsSubset: false,
		partNumberLimit: undefined,
		partNumbersFromOne: false,
		listPartsAfterAbort: "NoSuchKey",
		// Answers 500.
		completeOfUnknownUpload: "InternalError",
		// Finds the object in place and answers 200.
		completesOnce: false,
		conditionalComplete: undefined,
		conditionalCompleteByEtag: false,
		ifMatchTakesQuotes: false,
		ifMatchOnNothing: "PreconditionFailed",
		verifiesChecksums: false,
		// Answers 411 to a body without Content-Length.
		streamingBodies: false,
		quotesEtagsOfCopies: false,
		copyRangeOutside: "InvalidRange",
		strictCopyRange: false,
		heedsCopyConditions: false,
		copyOfUnknownVersion: "NoSuchKey",
		// Answers with the object.
		objectAttributes: false,
		// Answers 416.
		ignoresInvalidRanges: false,
		keyTooLong: "InvalidObjectName",
	},
	/** OpenStack Swift 2.30 with its s3api. */
	swift: {
		...AWS,
		// Finds the object in place and answers 200.
		completesOnce: false,
		abortAfterComplete: "NoSuchKey",
		// Answers 501.
		conditionalPut: false,
		// Compares with the ETag of its own manifest.
		conditionalCompleteByEtag: false,
		conditionalComplete: "InvalidRequest",
		wrongPayloadDigest: "BadDigest",
		ifMatchOutranksTime: false,
		verifiesChecksums: false,
		// Answers 501.
		streamingBodies: false,
		deleteObjectsByChecksum: false,
		// Answers 400.
		storageClasses: false,
		// Answers 501.
		objectLock: false,
		objectAttributes: false,
	},
} as const satisfies Record<string, Differences>;

export type ServerName = keyof typeof DIFFERENCES;
