import { UnexpectedAnswerError } from "../errors/sdk-error.ts";

/**
 * Reads the names in a listing that was asked for with `EncodingType: "url"`: XML cannot hold every character
 * that a key can. A storage that does not encode says so by not saying that it does.
 *
 * @throws {UnexpectedAnswerError} while reading a name that is not encoded as the answer says.
 */
export function keyDecoder({
	EncodingType,
}: {
	readonly EncodingType?: string | undefined;
}): (name: string) => string {
	if (EncodingType !== "url") return (name) => name;
	return (name) => {
		try {
			// AWS and others write a space as "+", and a plus sign as "%2B".
			return decodeURIComponent(name.replaceAll("+", " "));
		} catch {
			throw new UnexpectedAnswerError(`the listing has a name that is not encoded as declared: ${name}`);
		}
	};
}
