import { createHash, timingSafeEqual } from "node:crypto";

/** Decides whether a request may pass, by its header `Authorization`. */
export type CheckAuth = (header: string | undefined) => boolean;

/** For the header `WWW-Authenticate`. */
export const CHALLENGE = 'Basic realm="zipferry", charset="UTF-8"';

/**
 * Asks for a user and a password (RFC 7617). How long a refusal takes says nothing about them.
 *
 * @param credentials - `user:password`
 */
export function basicAuth(credentials: string): CheckAuth {
	const wanted = digest(Buffer.from(credentials));
	return (header = "") => {
		const [, token] = /^basic +([a-z\d+/=_-]+) *$/i.exec(header) ?? [];
		return timingSafeEqual(digest(Buffer.from(token ?? "", "base64")), wanted) && token !== undefined;
	};
}

/** Of one length, whatever is compared. */
function digest(bytes: Uint8Array): Buffer {
	return createHash("sha256").update(bytes).digest();
}
