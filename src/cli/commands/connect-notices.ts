import { looksLikeS3Url, parseS3PrefixUrl } from "../../s3/address.ts";
import { unusualName } from "../../s3/bucket-name.ts";
import type { Source } from "../../sources/source.ts";
import { type Io, writeLine } from "../terminal/io.ts";

/** What says whether a notice is due. */
interface Telling {
	readonly profile?: string | undefined;
	readonly quiet?: boolean | undefined;
}

/** Says which of two sources of credentials counts: the AWS command line would take the other one. */
export function noticeCredentials(
	{ profile, quiet }: Telling,
	{ stderr }: Io,
	environment: NodeJS.ProcessEnv = process.env,
): void {
	const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
	if (quiet === true || profile !== undefined) return;
	if (AWS_PROFILE && AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
		writeLine(stderr, `using the profile "${AWS_PROFILE}" of AWS_PROFILE, not AWS_ACCESS_KEY_ID`);
}

/** For commands of which the library tells no warnings. */
export function warnOfBucket(bucket: string, { stderr }: Io): void {
	const warning = unusualName(bucket);
	if (warning !== undefined) writeLine(stderr, `warning: ${warning.message}`);
}

/** The same of buckets that sources are in. */
export function noticeSources(sources: readonly Source[], telling: Telling, io: Io): void {
	const locations = sources.flatMap((source) => {
		if (typeof source === "string") return [source];
		if ("url" in source) return [String(source.url)];
		return "archive" in source ? [String(source.archive)] : [];
	});
	noticeArchives(locations, telling, io);
}

/** The same for commands that read archives, of what is in a bucket among the addresses that were typed. */
export function noticeArchives(locations: readonly string[], telling: Telling, io: Io): void {
	const urls = locations.filter(looksLikeS3Url);
	if (urls.length > 0) noticeCredentials(telling, io);
	for (const bucket of new Set(urls.map((url) => parseS3PrefixUrl(url).bucket))) warnOfBucket(bucket, io);
}
