import * as v from "valibot";
import { InvalidOptionError } from "../errors.ts";
import { type Field, type Fields, type OptionSchema, schemaOf } from "../options/field.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { bucketName, bucketOfAddress } from "./bucket-name.ts";

/** The address of an object, existing or not. */
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

const MAX_KEY_SIZE = 1024;

/** A key, or the beginning of one. */
function prefix(): Field<string> {
	const allowed = "text of at most 1,024 bytes";
	return v.pipe(
		v.string(allowed),
		v.check((value) => Buffer.byteLength(value, "utf8") <= MAX_KEY_SIZE, allowed),
		v.regex(/^\P{Surrogate}*$/u, "text without half of a surrogate pair"),
		v.check((value) => !value.includes("\0"), "text without NUL characters"),
	);
}

function key(): Field<string> {
	return v.pipe(
		prefix(),
		v.nonEmpty("the name of an object"),
		v.check((value) => !value.endsWith("/"), 'a name that does not end in "/": add the name of the archive'),
		v.check(
			(value) => !value.split("/").some((segment) => segment === "." || segment === ".."),
			'a name without "." and ".." segments, which many tools cannot address',
		),
	);
}

/** The address of an object, as text. */
export function objectUrl(): Field<string> {
	const allowed = `an address such as "${EXAMPLE}"`;
	return v.pipe(v.string(allowed), v.check(isObjectUrl, allowed));
}

function isObjectUrl(text: string): boolean {
	try {
		parseS3Url(text);
		return true;
	} catch {
		return false;
	}
}

export const OBJECT_ADDRESS_FIELDS: Fields<ObjectAddress> = { bucket: bucketName(), key: key() };

export const PREFIX_ADDRESS_FIELDS: Fields<PrefixAddress> = { bucket: bucketName(), prefix: prefix() };

const OBJECT_ADDRESS_SCHEMA: OptionSchema<ObjectAddress> = schemaOf<ObjectAddress>()(OBJECT_ADDRESS_FIELDS);
const PREFIX_ADDRESS_SCHEMA: OptionSchema<PrefixAddress> = schemaOf<PrefixAddress>()(PREFIX_ADDRESS_FIELDS);

const EXAMPLE = "s3://my-bucket/backups/photos.zip";

/**
 * Reads an `s3://bucket/key` address; the bucket may be the ARN of an access point.
 *
 * @throws {InvalidOptionError} if it is none, or names a bucket or key that S3 does not take.
 */
export function parseS3Url(url: string): ObjectAddress {
	const { bucket, rest: key } = splitS3Url(url);
	if (key === "") throw new InvalidOptionError(`"${url}" names no key; an address looks like ${EXAMPLE}`);
	return resolveOptions(OBJECT_ADDRESS_SCHEMA, { bucket, key });
}

/**
 * Reads an `s3://bucket/prefix` address. The prefix may be empty, end in `/`, or be part of a name.
 *
 * @throws {InvalidOptionError} if it is none, or names a bucket or prefix that S3 does not take.
 */
export function parseS3PrefixUrl(url: string): PrefixAddress {
	const { bucket, rest: prefix } = splitS3Url(url);
	return resolveOptions(PREFIX_ADDRESS_SCHEMA, { bucket, prefix });
}

function splitS3Url(url: string): { readonly bucket: string; readonly rest: string } {
	const [, address] = /^s3:\/\/(.*)$/is.exec(url) ?? [];
	if (address === undefined) throw new InvalidOptionError(`"${url}" is not an address like ${EXAMPLE}`);
	const bucket = bucketOfAddress(address);
	if (bucket === "")
		throw new InvalidOptionError(`"${url}" names no bucket; an address looks like ${EXAMPLE}`);
	return { bucket, rest: address.slice(bucket.length + 1) };
}

/** Whether text is meant as an S3 address, well-formed or not. */
export function looksLikeS3Url(text: string): boolean {
	return /^s3:/i.test(text);
}
