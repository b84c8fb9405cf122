import { InvalidOptionError } from "../../errors.ts";
import { shownUrl } from "../../reader/ranged/url/shown-url.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";

/**
 * The name that an entry gets if its caller gives none: the one that the server gives, if that is a plain file name, otherwise the last
 * segment of the path.
 *
 * @throws {InvalidOptionError} if there is none.
 */
export function resourceName(url: URL, disposition: string | undefined): string {
	const given = disposition === undefined ? undefined : nameOfDisposition(disposition);
	if (given !== undefined && isFileName(given)) return given;
	const segment = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
	const name = decoded(segment) ?? segment;
	if (isFileName(name)) return name;
	throw new InvalidOptionError(`${shownUrl(url)} has no file name at its end, and its server gives none`, {
		advice: { kind: "set-option", option: "as", purpose: "to give it a name in the archive" },
	});
}

/** A name in quotes or none, in ASCII; or one that is encoded as RFC 8187 says, which counts more. */
function nameOfDisposition(disposition: string): string | undefined {
	const [, extended] = /;\s*filename\*\s*=\s*UTF-8'[^']*'([^\s;]+)/i.exec(disposition) ?? [];
	if (extended !== undefined) return decoded(extended);
	const [, quoted, token] =
		/;\s*filename\s*=\s*(?:"([^"\\]*)"|([^\s";]+))\s*(?:;|$)/i.exec(disposition) ?? [];
	const name = quoted ?? token;
	return name !== undefined && /^[\x20-\x7e]+$/.test(name) ? name : undefined;
}

function decoded(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

/** Whether it is one segment that an entry may be called. */
function isFileName(name: string): boolean {
	if (/[/\\]/.test(name)) return false;
	try {
		encodeEntryName(name);
		return true;
	} catch {
		return false;
	}
}
