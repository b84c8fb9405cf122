import { withOwnSignal } from "../async/any-signal.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { holdBackUnread } from "../sources/generated/unread-streams.ts";
import type { Source } from "../sources/source.ts";
import { openDownload } from "./download.ts";
import { linkVersion } from "./link-version.ts";
import { DESCRIBE_DOWNLOAD_SCHEMA, type DescribeDownloadOptions } from "./options.ts";

/** What is known of a download before somebody asks for it. */
export interface DownloadDescription {
	/** Bytes of the archive; `undefined` if only making it will tell. */
	readonly size: number | undefined;
	/** Entries in the archive; those of iterables that give them only once are not among them. */
	readonly entryCount: number;
	/**
	 * Names the state of the sources, as 32 hex digits, for links: what {@link DownloadOptions.version} is compared with, and the ETag of the
	 * download. In the two seconds after a change of a source it names a state that is sent as a whole only: a link with it does not resume.
	 * `undefined` if the download cannot be resumed, and a link needs none.
	 */
	readonly version: string | undefined;
}

/**
 * Looks through the sources of a download, for a page that shows its size and links to it. Nothing is opened or read.
 *
 * @throws what {@link zipResponse} throws for sources.
 *
 * @example
 * ```ts
 * const { size, version = "" } = await describeDownload("./album");
 * const link = `<a href="/album.zip?v=${version}">Download all</a> (${size} bytes)`;
 * ```
 */
export async function describeDownload(
	sources: Source | readonly Source[],
	options: DescribeDownloadOptions = {},
): Promise<DownloadDescription> {
	holdBackUnread(sources);
	const settings = resolveOptions(DESCRIBE_DOWNLOAD_SCHEMA, options);
	return withOwnSignal(settings, async (own) => {
		const download = await openDownload(sources, own);
		await download.close();
		const { size, entryCount } = download;
		return { size, entryCount, version: linkVersion(download) };
	});
}
