import { looksLikeS3Url } from "../s3/address.ts";

/** Whether text names something in a bucket or on a web server, and not a path. */
export function looksLikeAddress(text: string): boolean {
	return looksLikeS3Url(text) || looksLikeWebUrl(text);
}

export function looksLikeWebUrl(text: string): boolean {
	return /^https?:\/\//i.test(text);
}
