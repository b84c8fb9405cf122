import { KiB, MiB } from "../../bytes/units.ts";
import type { Joins } from "../../compose/base/chains.ts";
import { TAIL_SIZE } from "../../reader/ranged/tail.ts";
import { MOST_READ, sampleSize } from "../../verify/pieces/content-choice.ts";

/** What is known of an upload before it begins. */
export interface UploadFacts {
	/** Bytes of the archive at most. */
	readonly size: number;
	readonly entryCount: number;
	/** Parts at most, those that are copied included. */
	readonly partCount: number;
	/** Bytes of the archive that the storage copies. */
	readonly copiedSize: number;
	/** Parts of these bytes. */
	readonly copiedPartCount: number;
	/** Entries in these bytes. */
	readonly copiedEntryCount: number;
	/** What joining runs of a base takes; `undefined` if none are to be joined. */
	readonly joins?: Joins | undefined;
	/** Bytes of the directory of the archive that is copied from; `undefined` without one. */
	readonly baseDirectorySize?: number | undefined;
	/** Bytes of the directory of the new archive, at most. */
	readonly directorySize: number;
	/** Objects among the sources. */
	readonly objectCount: number;
	/** Bytes of these objects. */
	readonly objectSize: number;
	readonly noClobber: boolean;
	readonly resume: boolean;
	readonly verify: "structure" | "content" | undefined;
	/** Share of the copied entries that are read back. */
	readonly verifySample: number;
}

/** The requests that a storage bills, by the names that S3 has for them. It bills none for deleting and aborting. */
export type BilledRequest = (typeof BILLED_REQUESTS)[number];

export const BILLED_REQUESTS = [
	"PutObject",
	"CreateMultipartUpload",
	"UploadPart",
	"UploadPartCopy",
	"CompleteMultipartUpload",
	"HeadBucket",
	"HeadObject",
	"GetObject",
	"ListObjectsV2",
	"ListMultipartUploads",
	"ListParts",
] as const;

/** How often an upload sends each of them, at most, if nothing has to be repeated. */
export type RequestCounts = Readonly<Record<BilledRequest, number>>;

/** What an upload moves. */
export interface UploadTraffic {
	/** By kind. */
	readonly requests: RequestCounts;
	/** Bytes that are sent. */
	readonly sentSize: number;
	/** Bytes that the storage copies, those into temporary objects included. */
	readonly copiedSize: number;
	/** Bytes that come in: of objects among the sources, of the base, and of the archive when it is read back. */
	readonly readSize: number;
}

const LISTED_AT_ONCE = 1_000;
/** Local headers that stand for all: the first, the last, and groups of neighbours; those that lie apart take a request each. */
const HEADER_READS = 68;
/** What lies between two headers is read through up to here. */
const GAP_SIZE = 256 * KiB;
/** Both sides of as many seams are looked at where copied entries meet others. */
const MOST_SEAMS = 512;
/** Looks at a temporary object: when it is made, and removed, at the base and at the one that it was made of, or by the archive. */
const JOIN_HEADS = 4;
const NO_JOINS: Joins = { count: 0, size: 0 };
/** Content of an archive is read in runs of so many bytes. */
const RUN_SIZE = 4 * MiB;

/** What an upload sends, copies and reads, at most, if nothing has to be repeated. Pure. */
export function planTraffic(facts: UploadFacts): UploadTraffic {
	const { size, partCount, copiedSize, copiedPartCount, objectCount, objectSize } = facts;
	const inParts = partCount > 1 || copiedPartCount > 0;
	const base = readBase(facts);
	const back = readBack(facts);
	const joins = facts.joins ?? NO_JOINS;
	// Once to see whether there are any, once to plan, once to archive.
	const listed = objectCount === 0 ? 0 : 1 + 2 * Math.ceil(objectCount / LISTED_AT_ONCE);
	return {
		requests: {
			PutObject: inParts ? 0 : 1,
			CreateMultipartUpload: (inParts ? 1 : 0) + joins.count,
			UploadPart: inParts ? partCount - copiedPartCount : 0,
			UploadPartCopy: copiedPartCount + 2 * joins.count,
			CompleteMultipartUpload: (inParts ? 1 : 0) + joins.count,
			HeadBucket: 1,
			HeadObject: 1 + (facts.noClobber ? 1 : 0) + base.heads + back.heads + JOIN_HEADS * joins.count,
			GetObject: objectCount + base.gets + back.gets,
			ListObjectsV2: listed + (facts.joins === undefined ? 0 : 1),
			ListMultipartUploads: (facts.resume ? 2 : 1) + (facts.joins === undefined ? 0 : 1),
			ListParts: facts.resume ? Math.ceil(partCount / LISTED_AT_ONCE) : 0,
		},
		sentSize: size - copiedSize,
		copiedSize: copiedSize + joins.size,
		readSize: objectSize + base.size + back.size,
	};
}

interface Reading {
	readonly gets: number;
	/** Bytes. */
	readonly size: number;
}

/** The base: looked at before and after, and its directory. */
function readBase({ baseDirectorySize }: UploadFacts): Reading & { readonly heads: number } {
	if (baseDirectorySize === undefined) return { heads: 0, gets: 0, size: 0 };
	return { heads: 2, ...readDirectory(baseDirectorySize) };
}

/** The end of an archive, and the rest of its directory. */
function readDirectory(directorySize: number): Reading {
	const rest = directorySize > TAIL_SIZE;
	return { gets: rest ? 2 : 1, size: Math.max(TAIL_SIZE, directorySize) };
}

/** The new archive. What was copied is always read back, as nobody has hashed it here. */
function readBack(facts: UploadFacts): Reading & { readonly heads: number } {
	const { size, entryCount, partCount, copiedPartCount, copiedEntryCount, copiedSize, verify } = facts;
	if (verify === undefined && copiedPartCount === 0) return { heads: 0, gets: 0, size: 0 };
	const directory = readDirectory(facts.directorySize);
	if (verify === "content")
		return {
			heads: 1 + partCount, // the hashes that the storage has, and the size of each part
			gets: directory.gets + Math.ceil(size / RUN_SIZE),
			size: size + directory.size,
		};
	const seams = Math.min(MOST_SEAMS, copiedPartCount);
	const headers = Math.min(entryCount, HEADER_READS + 2 * seams);
	const sample = sampleSize(copiedEntryCount, facts.verifySample);
	const chosenSize = copiedEntryCount === 0 ? 0 : (copiedSize / copiedEntryCount) * sample;
	const contentSize = Math.min(chosenSize, Math.max(MOST_READ, copiedSize * facts.verifySample));
	// Both sides of a seam, and neighbours, come with what lies between them if that is little.
	const gaps = Math.min(entryCount, HEADER_READS + seams);
	const headerSize = gaps * Math.min(GAP_SIZE, size / Math.max(1, entryCount));
	return {
		heads: 0,
		gets: directory.gets + headers + sample + Math.floor(contentSize / RUN_SIZE),
		size: Math.min(size, Math.round(directory.size + headerSize + contentSize)),
	};
}
