import type { Warning } from "../../advice/warning.ts";
import { InvalidOptionError } from "../../errors.ts";
import type { Provider } from "../../s3/providers.ts";
import { shorten } from "../../secrets/shorten.ts";
import type { ObjectOptions } from "./object-options.ts";

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
const MAX_TAGS = 10;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Refuses tags that the storage would refuse, which it may do after all bytes.
 *
 * @throws {InvalidOptionError}
 */
export function checkTags({ tags = {} }: Pick<ObjectOptions, "tags">): void {
	const pairs = Object.entries(tags);
	if (pairs.length > MAX_TAGS) throw refusal(`must be at most ${MAX_TAGS}, not ${pairs.length}`);
	for (const [key, value] of pairs) {
		const shown = `"${shorten(key, MAX_KEY_LENGTH)}"`;
		if (key === "" || lengthOf(key) > MAX_KEY_LENGTH)
			throw refusal(`must have keys of 1 to ${MAX_KEY_LENGTH} characters, not ${shown}`);
		if (lengthOf(value) > MAX_VALUE_LENGTH)
			throw refusal(
				`must have values of at most ${MAX_VALUE_LENGTH} characters, and that of ${shown} is longer`,
			);
		if (!ALLOWED.test(key) || !ALLOWED.test(value))
			throw refusal(`may have letters, digits, spaces and _ . : / = + - @ only, and ${shown} has others`);
		if (/^aws:/i.test(key)) throw refusal(`must not begin with "aws:", as ${shown} does`);
	}
}

/**
 * Refuses tags where there are none.
 *
 * @throws {InvalidOptionError}
 */
export function checkTagsOf({ tags }: Pick<ObjectOptions, "tags">, provider: Provider): void {
	if (countTags({ tags }) === 0 || provider.objectTags !== "none") return;
	throw refusal(`cannot be stored: the provider ${provider.name} has none`);
}

/**
 * Whether an object shows fewer tags than it should have.
 *
 * @param shown - Number of its tags, as the storage says.
 */
export function lacksTags(
	object: Pick<ObjectOptions, "tags">,
	{ objectTags }: Provider,
	shown: number | undefined,
): boolean {
	return objectTags === "unsure" && (shown ?? 0) < countTags(object);
}

function countTags({ tags = {} }: Pick<ObjectOptions, "tags">): number {
	return Object.keys(tags).length;
}

/** For an object that is complete all the same. */
export const TAGS_NOT_SHOWN: Warning = {
	code: "TAGS_NOT_SHOWN",
	message:
		"the storage does not show the tags of the object: it may have dropped them, as Ceph does with uploads in parts, or the credentials may not read them (s3:GetObjectTagging)",
};

/** As they travel in a header. */
export function encodeTags(tags: Readonly<Record<string, string>>): string {
	return Object.entries(tags)
		.map((pair) => pair.map(encodeURIComponent).join("="))
		.join("&");
}

function refusal(rule: string): InvalidOptionError {
	return new InvalidOptionError(`tags ${rule}`, { option: "tags", rule });
}

function lengthOf(text: string): number {
	return [...text].length;
}
