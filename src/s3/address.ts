import { InvalidOptionError } from "../errors.ts";

/** Where an object is, or is to be. */
export interface ObjectAddress {
	readonly bucket: string;
	readonly key: string;
}

/** A bucket, or the objects of it whose keys begin alike. */
export interface PrefixAddress {
	readonly bucket: string;
	/** Empty for the whole bucket. */
	readonly prefix: string;
}

const EXAMPLE = "s3://my-bucket/backups/photos.zip";
const MAX_KEY_BYTES = 1024;

/**
 * Reads an `s3://bucket/key` address.
 *
 * @throws {InvalidOptionError} if it is none, or names a bucket or key that S3 does not take.
 */
export function parseS3Url(url: string): ObjectAddress {
	const { bucket, rest: key } = splitS3Url(url);
	if (key === "") throw new InvalidOptionError(`"${url}" names no key; an address looks like ${EXAMPLE}`);
	const address = { bucket, key };
	checkObjectAddress(address);
	return address;
}

/**
 * Reads an `s3://bucket/prefix` address. The prefix may be empty, end in `/`, or be part of a name.
 *
 * @throws {InvalidOptionError} if it is none, or names a bucket or prefix that S3 does not take.
 */
export function parseS3PrefixUrl(url: string): PrefixAddress {
	const { bucket, rest: prefix } = splitS3Url(url);
	const address = { bucket, prefix };
	checkPrefixAddress(address);
	return address;
}

function splitS3Url(url: string): { readonly bucket: string; readonly rest: string } {
	const match = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(url);
	if (match === null) {
		throw new InvalidOptionError(`"${url}" is not an address like ${EXAMPLE}`);
	}
	const [, bucket = "", rest = ""] = match;
	if (bucket === "")
		throw new InvalidOptionError(`"${url}" names no bucket; an address looks like ${EXAMPLE}`);
	return { bucket, rest };
}

/** Whether text is meant as an S3 address, well-formed or not. */
export function looksLikeS3Url(text: string): boolean {
	return /^s3:/i.test(text);
}

/**
 * Refuses what S3 would refuse later, with the rule instead of a DNS error.
 *
 * @throws {InvalidOptionError}
 */
export function checkObjectAddress({ bucket, key }: ObjectAddress): void {
	checkPrefixAddress({ bucket, prefix: key });
	if (key === "") refuse("the key is empty");
	if (key.endsWith("/")) refuse(`the key "${key}" ends in "/"; add the name of the archive`);
	if (key.split("/").some((segment) => segment === "." || segment === "..")) {
		refuse(`the key "${key}" has a "." or ".." segment, which many tools cannot address`);
	}
}

/**
 * As {@link checkObjectAddress}, for a bucket and the beginning of keys.
 *
 * @throws {InvalidOptionError}
 */
export function checkPrefixAddress({ bucket, prefix }: PrefixAddress): void {
	if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || bucket.includes("..")) {
		refuse(
			`"${bucket}" is no bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends`,
		);
	}
	if (/^\d+\.\d+\.\d+\.\d+$/.test(bucket))
		refuse(`"${bucket}" is no bucket name: it looks like an IP address`);
	const size = Buffer.byteLength(prefix, "utf8");
	if (size > MAX_KEY_BYTES) refuse(`the key has ${size} bytes; S3 takes at most 1,024`);
	if (/\p{Surrogate}/u.test(prefix)) refuse("the key has half of a surrogate pair");
	if (prefix.includes("\0")) refuse("the key has a NUL character");
}

function refuse(reason: string): never {
	throw new InvalidOptionError(reason);
}
