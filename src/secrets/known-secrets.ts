/** Variables whose values are nobody's business. */
const SECRET_VARIABLES = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"];
/** Variables with addresses that may have a password in them. */
const ADDRESS_VARIABLES = [
	"AWS_ENDPOINT_URL",
	"AWS_ENDPOINT_URL_S3",
	"HTTP_PROXY",
	"HTTPS_PROXY",
	"ALL_PROXY",
];

/**
 * Shorter keys occur in any text: the keys of test servers are words such as `test`. It is shown where
 * nothing else tells that it is a secret.
 */
const MIN_SECRET_LENGTH = 8;

/** Credentials that are renewed give new ones all the time; nobody repeats the oldest. */
const MOST_SECRETS = 64;

const remembered = new Set<string>();

/** Keeps values out of all that is shown from now on. */
export function rememberSecrets(...values: readonly (string | undefined)[]): void {
	for (const value of values) {
		if (value === undefined || value.length < MIN_SECRET_LENGTH) continue;
		remembered.delete(value);
		remembered.add(value);
	}
	for (const oldest of remembered) {
		if (remembered.size <= MOST_SECRETS) break;
		remembered.delete(oldest);
	}
}

const kept = new Set<string>();

/** The same for secrets that somebody has written down: there are as many as there are, and all are in use. */
export function keepSecrets(...values: readonly string[]): void {
	for (const value of values) if (value.length >= MIN_SECRET_LENGTH) kept.add(value);
}

/** The secrets of the environment, and those that came to be known. */
export function knownSecrets(environment: NodeJS.ProcessEnv): readonly string[] {
	const values = SECRET_VARIABLES.map((name) => environment[name]);
	const passwords = ADDRESS_VARIABLES.flatMap((name) =>
		[environment[name], environment[name.toLowerCase()]].map(passwordOf),
	);
	const ofEnvironment = [...values, ...passwords].filter(
		(value) => value !== undefined && value.length >= MIN_SECRET_LENGTH,
	);
	return [...new Set([...ofEnvironment, ...remembered, ...kept])].filter((value) => value !== undefined);
}

function passwordOf(address = ""): string | undefined {
	const text = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
	const password = URL.canParse(text) ? new URL(text).password : /:([^/:]+)@/.exec(text)?.[1];
	try {
		return password && decodeURIComponent(password);
	} catch {
		return password;
	}
}
