/** The limits of a storage. */
export interface PartLimits {
	/** Smallest part but the last, bytes. */
	readonly minPartSize: number;
	/** Largest part, bytes. */
	readonly maxPartSize: number;
	readonly maxPartCount: number;
	/** Largest object, bytes. */
	readonly maxObjectSize: number;
}

/** How to talk to one kind of storage. A provider is data; nothing else in the code knows its name. */
export interface Provider {
	readonly name: ProviderName;
	/** Endpoint, with `{region}` and `{account}` to fill in; absent where only the user knows it. */
	readonly endpoint?: string;
	/** Recognises its endpoints by host name; the group `region` is the region, if the name tells it. */
	readonly host?: RegExp;
	readonly defaultRegion?: string;
	/** Bucket in the path instead of the host name. */
	readonly pathStyle: boolean;
	/** Takes `x-amz-checksum-*` headers, checks them and keeps them with the object. */
	readonly checksums: boolean;
	/**
	 * Whether it keeps tags of objects. Where that is not sure, the object has to show them: Ceph drops those of an upload in
	 * parts without a word.
	 */
	readonly objectTags: "kept" | "unsure" | "none";
	/** Takes parts of different sizes in one upload; others want all but the last to be equal. */
	readonly unequalParts: boolean;
	/**
	 * Whether parts can be ranges of objects that it has. `"unsure"`: nobody has tried, or nobody knows the storage; then it has to be
	 * tried, and in parts of different sizes, before anything rests on it.
	 */
	readonly copies: "yes" | "unsure" | "no";
	/**
	 * Which bytes the CRC-32 covers that its answer to a copied range has. `"unsure"`: maybe those of the whole object, as with versitygw,
	 * so that it is not used.
	 */
	readonly copyChecksums: "range" | "none" | "unsure";
	/**
	 * Whether the numbers of an upload's parts may have gaps. AWS wants them to follow each other from 1 if the upload has checksums
	 * besides its MD5s. `"unsure"`: nobody has tried.
	 */
	readonly partGaps: "taken" | "refused-with-checksums" | "refused" | "unsure";
	/** Complete may leave out parts that were uploaded; Ceph wants every one of them. */
	readonly completesSubset: boolean;
	/**
	 * Whether PutObject takes `If-None-Match` and `If-Match`, and refuses what they do not hold for. Where that is not sure,
	 * it has to be tried: some take no notice of them.
	 */
	readonly conditionalPut: "yes" | "unsure" | "no";
	readonly limits: PartLimits;
}

/** Kinds of storage whose limits and habits are known; `"generic"` is treated with the most care. */
export type ProviderName = (typeof PROVIDER_NAMES)[number];

export const PROVIDER_NAMES = [
	"aws",
	"linode",
	"minio",
	"ceph",
	"r2",
	"b2",
	"wasabi",
	"spaces",
	"scaleway",
	"generic",
] as const;
