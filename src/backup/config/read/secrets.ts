import type { ConfigPath } from "../problems.ts";
import { piecesOf } from "./expand.ts";

/** How much of a text is secret. */
type SecretKind =
	/** All of it. */
	| "whole"
	/** A URL that may have a token in it. */
	| "url"
	/** A URL of which the password is. */
	| "password";

const PLACES: readonly (readonly [place: RegExp, kind: SecretKind])[] = [
	[/^(sources(\.\d+)?\.storage\.)?credentials\./, "whole"],
	[/^ping(\.|$)/, "whole"],
	[/^apprise(\.url)?$/, "whole"],
	[/^webhook(\.url)?$/, "url"],
	[/^mail\.url$/, "password"],
	[/^(webhook|apprise)\.headers\.(?=.*(auth|cookie|token|secret|key|password|signature))/i, "whole"],
];

/** How to say it instead. */
export function insteadOf(kind: SecretKind | undefined): string {
	return `write it as \${VAR}${kind === undefined ? "" : " or file:/path"}`;
}

/** @param path - From the root of a config. */
export function secretKindOf(path: ConfigPath): SecretKind | undefined {
	const inJob = path[0] === "defaults" ? path.slice(1) : path.slice(2);
	const place = inJob.join(".");
	return PLACES.find(([pattern]) => pattern.test(place))?.[1];
}

/** A piece of a URL that looks like a key somebody was given: long, with letters and digits, or a known kind. */
const TOKEN =
	/[?&](token|key|api_?key|access_?token|secret|sig|signature|auth|password|pass|code)=[^&#]|\/services\/T|\/api\/webhooks\/|\/(?=[^/?#]*\d)(?=[^/?#]*[a-z])[\w-]{16,}/i;

/** A signature or the like in the address of a source, in plain text. */
const SIGNED =
	/^https?:.*[?&]([^=&#]*[-_.])?(token|key|api_?key|secret|sig|signature|auth|password|pass|code)=(?![^&#]*•)[^&#]/is;

/** Stands for a variable: a character that is in no token. */
const HIDDEN = "•";

/** The password in an address. */
const PASSWORD = /:\/\/[^/@\s:]{0,200}:(?<password>[^/@\s]{1,500})@/g;

/**
 * What is wrong with a secret as it was written; `undefined` if nothing is. Variables and files may be secret, what
 * everybody sees who sees the file may not.
 */
export function secretFlaw(written: string, kind: SecretKind | undefined): string | undefined {
	if (kind !== undefined && written.startsWith("file:")) return undefined;
	// What variables stand for is out of sight, but not what stands there in case that there is none.
	const visible = piecesOf(written)
		.map((piece) => (piece.kind === "variable" ? piece.fallback || HIDDEN : piece.text))
		.join("");
	for (const { groups } of visible.matchAll(PASSWORD))
		if (!groups?.["password"]?.includes(HIDDEN)) return "has a password in it";
	if (kind === undefined && SIGNED.test(visible)) return "has a token in it";
	if (kind === "whole" && !visible.includes(HIDDEN)) return "is a secret";
	return kind === "url" && TOKEN.test(visible) ? "has a token in it" : undefined;
}

/** Variables whose values are shown nowhere, wherever they are used. */
export function namesSecret(variable: string): boolean {
	return /pass|secret|token|credential|pwd|api_?key|access_?key|private_?key|auth/i.test(variable);
}
