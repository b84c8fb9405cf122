import { type Layer, layersOf, unwrapped } from "./escapes.ts";
import { knownSecrets } from "./known-secrets.ts";
import { type Range, SecretSearch } from "./secret-search.ts";

const REDACTED = "[secret]";

/** The name in front of a secret in a request, and the secret; quotes and escapes of JSON end it. */
const SECRETS_OF_REQUESTS = [
	/(\bauthorization["'\\]*\s*[:=]\s*["'\\]*)[^\s"'\\<&,][^"'\\\r\n<]*/gi,
	/(\bx-amz-(?:security|s3session)-token["'\\]*\s*[:=]\s*["'\\]*)[^\s"'\\<&,]+/gi,
	/(\bx-amz-server-side-encryption-customer-key["'\\]*\s*[:=]\s*["'\\]*)[^\s"'\\<&,]+/gi,
	/(\b(?:x-amz-)?signature["'\\]*\s*[:=]\s*["'\\]*)[^\s"'\\<&,]+/gi,
	/(\bCredential=)[^\s"'\\<&,]+/g,
	// Requests to services that give out credentials, and their responses.
	/(\b(?:WebIdentityToken|SAMLAssertion|x-amz-sso_bearer_token|accessToken|refreshToken|idToken|clientSecret|SecretAccessKey|SessionToken)["'\\]*\s*[:=>]\s*["'\\]*)[^\s"'\\<&,]+/gi,
	// User and password of an address.
	/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@"'\\<&,]+(?=@)/gi,
];

/**
 * Takes secrets out of text that is about to be shown. None is put in on purpose: this is for servers and
 * gateways that repeat a request in their error pages, and for addresses that carry a signature.
 *
 * Whatever was escaped is found as well, also if it was escaped several times. To be called before a text is
 * cut, as half of a secret need not be recognised.
 */
export function redact(text: string, environment: NodeJS.ProcessEnv = process.env): string {
	const search = searchFor(knownSecrets(environment));
	const found: Range[] = [];
	for (const layer of layersOf(text)) {
		for (const pattern of SECRETS_OF_REQUESTS) {
			for (const { 0: whole, 1: before = "", index } of layer.text.matchAll(pattern))
				found.push(inOriginal(layer, [index + before.length, index + whole.length]));
		}
		for (const wrapping of [layer, unwrapped(layer)]) {
			if (wrapping === undefined) continue;
			for (const range of search.find(wrapping.text)) found.push(inOriginal(wrapping, range));
		}
	}
	return without(text, found);
}

let latest = { key: "", search: new SecretSearch([]) };

/** Making one takes time; secrets change seldom. */
function searchFor(secrets: readonly string[]): SecretSearch {
	const key = secrets.join("\0");
	if (key !== latest.key) latest = { key, search: new SecretSearch(secrets) };
	return latest.search;
}

function inOriginal({ starts, ends }: Layer, [start, end]: Range): Range {
	return [starts?.[start] ?? start, ends?.[end - 1] ?? end];
}

function without(text: string, ranges: readonly Range[]): string {
	let shown = "";
	let shownTo = 0;
	let redactedTo = -1;
	for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
		// One for all that touch each other.
		if (start > redactedTo) shown += `${text.slice(shownTo, start)}${REDACTED}`;
		redactedTo = Math.max(redactedTo, end);
		shownTo = redactedTo;
	}
	return shown + text.slice(shownTo);
}
