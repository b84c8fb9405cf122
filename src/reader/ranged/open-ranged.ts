import { fileURLToPath } from "node:url";
import { InvalidOptionError } from "../../errors.ts";
import { looksLikeS3Url } from "../../s3/address.ts";
import type { OpenArchiveSettings } from "../options.ts";
import { ClosableSource } from "./closable-source.ts";
import { openFileSource } from "./file-source.ts";
import type { OpenedSource } from "./ranged-source.ts";
import { shownAddress } from "./url/shown-url.ts";

/**
 * Opens what an archive is read from, by the form of its address.
 *
 * @throws {InvalidOptionError} for an address that is none.
 * @throws {SourceError} `SOURCE_NOT_FOUND` if there is nothing, `SOURCE_UNREADABLE` if it is no regular file or cannot be opened.
 * @throws {StorageError} if the storage or server refuses, or cannot be reached.
 */
export async function openRanged(
	location: string | URL,
	settings: OpenArchiveSettings,
): Promise<OpenedSource> {
	const { source, tail } = await openByForm(location, settings);
	return { source: new ClosableSource(source, settings.signal), tail };
}

async function openByForm(location: string | URL, settings: OpenArchiveSettings): Promise<OpenedSource> {
	const text = String(location);
	if (text === "") throw new InvalidOptionError("the address of the archive is empty; is a variable unset?");
	if (looksLikeS3Url(text)) {
		const { openS3Source } = await import("./s3-source.ts");
		return openS3Source(text, settings);
	}
	if (/^https?:/i.test(text)) {
		if (!URL.canParse(text)) throw new InvalidOptionError(`"${shownAddress(text)}" is not a URL`);
		const { openHttpSource } = await import("./url/open-http-source.ts");
		return openHttpSource(new URL(text), settings);
	}
	if (/^file:/i.test(text)) return openFileSource(fileURLToPath(text), settings.signal);
	return openFileSource(text, settings.signal);
}
