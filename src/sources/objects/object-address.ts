import { type PrefixAddress, parseS3PrefixUrl } from "../../s3/address.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";
import { InvalidEntryNameError } from "../../zip/format/entry-name-errors.ts";
import type { UrlSource } from "../source.ts";

/**
 * Reads the address of a source. A `URL` has encoded what is not ASCII; text stands for the key as it is.
 *
 * @throws {InvalidOptionError}
 */
export function addressOf({ url }: Pick<UrlSource, "url">): PrefixAddress {
	return parseS3PrefixUrl(typeof url === "string" ? url : decoded(url.href));
}

/** Whether all that is below it is meant, whatever there is under the address itself. */
export function isPrefix({ prefix }: PrefixAddress): boolean {
	return prefix === "" || prefix.endsWith("/");
}

/**
 * The name in the archive, without a slash at its end.
 *
 * @param atRoot - Whether what is there goes to the root by default.
 * @throws {InvalidEntryNameError}
 */
export function nameOf({ as }: UrlSource, { bucket, prefix }: PrefixAddress, atRoot: boolean): string {
	const last = prefix.split("/").findLast((segment) => segment !== "");
	const name = (as ?? (atRoot ? "" : (last ?? bucket))).replace(/\/+$/, "");
	if (name !== "") encodeEntryName(name);
	return name;
}

/** @throws {InvalidEntryNameError} */
export function refuseNameless(name: string, origin: string): void {
	if (name === "")
		throw new InvalidEntryNameError(name, `is empty, and ${origin} is an object, which needs one`);
}

function decoded(href: string): string {
	try {
		return decodeURIComponent(href);
	} catch {
		return href;
	}
}
