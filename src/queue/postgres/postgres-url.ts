import { InvalidOptionError } from "../../errors.ts";
import { keepSecrets } from "../../secrets/known-secrets.ts";

const RULE = "must be the URL of a PostgreSQL, such as postgres://user:password@127.0.0.1:5432/database";
const SCHEME = /^postgres(?:ql)?:\/\//i;

/** Whether a text is meant to be one. */
export function isPostgresUrl(text: string): boolean {
	return SCHEME.test(text);
}

/**
 * Reads the URL of a PostgreSQL. Nothing that is shown from now on has the password in it.
 *
 * @returns it without user, password and settings, for messages.
 * @throws {InvalidOptionError} which does not repeat the text
 */
export function shownPostgresUrl(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !isPostgresUrl(text) || url.hostname === "")
		throw new InvalidOptionError(`postgres ${RULE}`, { option: "postgres", rule: RULE });
	const inQuery = url.searchParams.get("password") ?? "";
	keepSecrets(url.password, decoded(url.password), inQuery);
	return `postgres://${url.hostname}:${url.port || 5432}${decoded(url.pathname)}`;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
