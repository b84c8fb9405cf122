import { InvalidOptionError } from "../../errors.ts";
import { keepSecrets } from "../../secrets/known-secrets.ts";

/** Where a Redis is, and who asks. */
export interface RedisAddress {
	readonly host: string;
	readonly port: number;
	readonly username: string | undefined;
	readonly password: string | undefined;
	/** Number of the database. */
	readonly db: number;
	readonly tls: boolean;
	/** The same without user and password, for messages. */
	readonly shown: string;
}

const RULE =
	"must be the URL of a Redis or Valkey, such as redis://127.0.0.1:6379 or rediss://queue.example.com:6380/0";

/**
 * Reads `redis://` and `rediss://` URLs, as IANA registers them. Nothing that is shown from now on has the password in it.
 *
 * @throws {InvalidOptionError} which does not repeat the text
 */
export function parseRedisUrl(text: string): RedisAddress {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const number = /^\/?(\d{0,4})$/.exec(url?.pathname ?? "none")?.[1];
	if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === "" || number === undefined)
		throw new InvalidOptionError(`redis ${RULE}`, { option: "redis", rule: RULE });
	const [username, password] = [decoded(url.username), decoded(url.password)];
	keepSecrets(password, url.password);
	const tls = url.protocol === "rediss:";
	const port = url.port === "" ? 6379 : Number(url.port);
	return {
		host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
		...{ port, tls },
		username: username || undefined,
		password: password || undefined,
		db: Number(number),
		shown: `${url.protocol}//${url.hostname}:${port}${number === "" ? "" : `/${number}`}`,
	};
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
