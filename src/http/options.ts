import * as v from "valibot";
import type { CrcCache } from "../archive/layout/crc-cache.ts";
import { checkArchive, MAKE_FIELDS, type MakeDefaults, type MakeOptions } from "../archive/options.ts";
import { InvalidOptionError } from "../errors.ts";
import {
	type Field,
	type Fields,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../options/field.ts";
import { anyText, headerTextOrEmpty, isObject, recordOf, text } from "../options/kinds.ts";
import { moment } from "../options/moment.ts";

/** How an archive is made that is offered as a download. */
export interface DescribeDownloadOptions extends MakeOptions {
	/**
	 * How the data of files is stored. Only `"wrap"`, which keeps their bytes, gives an archive whose size is known from the start
	 * and that can be resumed.
	 *
	 * @defaultValue `"wrap"`
	 */
	readonly method?: MakeOptions["method"];
	/**
	 * Remembers the CRC-32 of what was read, so that resumed downloads do not read it again.
	 *
	 * @defaultValue one in memory, for the whole process
	 */
	readonly crcCache?: CrcCache | undefined;
}

/** How an archive is offered as a download. */
export interface DownloadOptions extends DescribeDownloadOptions {
	/** Name under which the client saves the archive, such as `Ferien 🏖️.zip`. */
	readonly filename: string;
	/**
	 * What the link to the download carries of {@link DownloadDescription.version}. Empty text is none.
	 *
	 * If the sources are in another state by now, the answer is 412 and a line of text: programs that resume without a condition, as
	 * `curl -C -` and aria2 do, would put together what does not belong together. Those that send `If-Range` get the new archive.
	 */
	readonly version?: string | undefined;
	/**
	 * More headers, and others than those set by default: `Cache-Control`, `Content-Disposition`, `Content-Type`. What belongs
	 * to the transfer cannot be set. A `Cache-Control` gets `no-transform` if it has none: compression on the way would take the size away.
	 */
	readonly headers?: Readonly<Record<string, string>> | undefined;
	/**
	 * The time of `Last-Modified`, given like the `mtime` of a {@link GeneratedEntry}.
	 *
	 * @defaultValue the latest time of an entry if the archive can be resumed, otherwise none
	 */
	readonly lastModified?: Date | number | string | undefined;
}

export type DownloadDefaults = MakeDefaults | "version" | "headers";

/** {@link DownloadOptions} with their defaults. */
export type DownloadSettings = Resolved<DownloadOptions, DownloadDefaults>;
/** {@link DescribeDownloadOptions} with their defaults. */
export type DescribeDownloadSettings = Resolved<DescribeDownloadOptions, MakeDefaults>;

const DESCRIBE_FIELDS = {
	...MAKE_FIELDS,
	method: withDefault(MAKE_FIELDS.method, "wrap"),
	crcCache: optional(crcCacheField()),
};

export const DESCRIBE_DOWNLOAD_SCHEMA: OptionSchema<DescribeDownloadOptions, MakeDefaults> = schemaOf<
	DescribeDownloadOptions,
	MakeDefaults
>()(DESCRIBE_FIELDS, checkArchive);

export const DOWNLOAD_FIELDS: Fields<DownloadOptions, DownloadDefaults> = {
	...DESCRIBE_FIELDS,
	filename: text("the name of a file"),
	version: withDefault(anyText(), ""),
	headers: withDefault(recordOf(headerTextOrEmpty(), "an object of headers"), {}),
	lastModified: optional(moment()),
};

/** Refuses what no single option tells. */
export function checkDownload(
	settings: Pick<DownloadSettings, "comment" | "headers" | "method" | "level">,
): void {
	checkArchive(settings);
	checkHeaders(settings);
}

function crcCacheField(): Field<CrcCache> {
	return v.custom<CrcCache>(
		(value) =>
			isObject(value) && ["get", "set", "delete", "close"].every((name) => typeof value[name] === "function"),
		"a cache of CRC-32s",
	);
}

/** Headers that say how the bytes travel; others than ours would contradict them. */
const OF_THE_TRANSFER = new Set([
	"accept-ranges",
	"connection",
	"content-encoding",
	"content-length",
	"content-range",
	"etag",
	"last-modified",
	"trailer",
	"transfer-encoding",
]);

function checkHeaders({ headers }: Pick<DownloadSettings, "headers">): void {
	for (const name of Object.keys(headers)) {
		const option = `headers.${name}`;
		if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
			throw new InvalidOptionError(`${option} is no name that a header can have`, { option });
		if (OF_THE_TRANSFER.has(name.toLowerCase()))
			throw new InvalidOptionError(`${option} cannot be set: it belongs to the transfer`, { option });
	}
}
