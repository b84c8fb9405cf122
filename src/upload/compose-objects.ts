import { ObjectsComposition } from "../compose/objects/objects-composition.ts";
import { looksLikeS3Url } from "../s3/address.ts";
import type { Provider } from "../s3/providers.ts";
import type { Source } from "../sources/source.ts";
import { isUrlSource } from "../sources/source-forms.ts";
import type { UploadSettings } from "./options.ts";

/**
 * The composition that has the storage copy large objects of its own, if there may be any: the archive keeps them as they are, they are
 * reached as it is, and the storage takes parts of any size.
 *
 * @returns `undefined` as well if a hash was chosen for the whole, which needs all bytes.
 */
export function composeObjects(
	sources: Source | readonly Source[],
	{ transport, method, hash, sourceStorage, partSize }: UploadSettings,
	{ unequalParts, limits }: Provider,
): ObjectsComposition | undefined {
	const isAble = transport === "parts" && unequalParts && sourceStorage === undefined;
	if (!isAble || method !== "store" || hash === "sha256" || hash === "crc32") return undefined;
	const list: readonly Source[] = Array.isArray(sources) ? sources : [sources as Source];
	return list.some(isOfTarget) ? new ObjectsComposition({ method, limits, partSize }) : undefined;
}

function isOfTarget(source: Source): boolean {
	if (typeof source === "string") return looksLikeS3Url(source);
	return (
		typeof source === "object" &&
		source !== null &&
		isUrlSource(source) &&
		source.storage === undefined &&
		looksLikeS3Url(String(source.url))
	);
}
