import { InvalidOptionError } from "../../errors.ts";
import type { Provider } from "../../s3/providers.ts";
import type { MethodChoice } from "../../zip/entry.ts";

/** Methods with which all sizes are known before anything is read. */
const EXACT_METHODS: ReadonlySet<MethodChoice> = new Set(["store", "wrap"]);

/** Ends the names of directory buckets (S3 Express One Zone), which never take gaps. */
const DIRECTORY_BUCKET = /\w--x-s3$/;

/**
 * Refuses a storage that would not put shards together, before anything is listed. Parts of a shard are of different sizes at its end,
 * and nobody knows how many a shard has that is compressed: numbers are left out then.
 *
 * @throws {InvalidOptionError}
 */
export function checkGaps(
	{ name, unequalParts, partGaps }: Provider,
	bucket: string,
	method: MethodChoice,
): void {
	if (name === "generic") {
		throw new InvalidOptionError(
			"nobody knows which parts this storage takes, and shards need parts of any size",
			{
				option: "provider",
				advice: {
					kind: "set-option",
					option: "provider",
					example: "ceph",
					purpose: "to say what storage it is",
				},
			},
		);
	}
	if (!unequalParts)
		throw new InvalidOptionError(
			`the storage (${name}) takes parts of one size only, so no archive can be made of shards there`,
		);
	const isDirectoryBucket = name === "aws" && DIRECTORY_BUCKET.test(bucket);
	const isTaken = !isDirectoryBucket && (partGaps === "taken" || partGaps === "refused-with-checksums");
	if (isTaken || EXACT_METHODS.has(method)) return;
	const problem =
		partGaps === "unsure"
			? `nobody knows whether the storage (${name}) takes part numbers with gaps, which compressed shards need`
			: "the storage takes no part numbers with gaps, which compressed shards need";
	throw new InvalidOptionError(problem, {
		option: "method",
		advice: { kind: "set-option", option: "method", value: "store", purpose: "to know all part numbers" },
	});
}
